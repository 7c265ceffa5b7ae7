package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A drift that begins from a forward model's guess g(I / K, conditioning) of x, where K = alpha + beta, and whose network N predicts the rest. With
 * r = beta / K the state I is K x + K r (y~ - x) (+ gamma z), and
 *
 * <pre>
 * x   ~ I / K + r^2 / (r^2 + e^2) (g - I / K) + e r / sqrt(r^2 + e^2) N
 * b   = K' / K I + K r' [ r / (r^2 + e^2) (I / K - g) - e / sqrt(r^2 + e^2) N ]
 * </pre>
 *
 * The first line weighs the guess, whose error is e times y~ - x, against the state, whose error is r times that, as Bayes' rule does; the factor of N is
 * the error of both together, so that N has to predict numbers of one size at all times. (So Karras et al., "Elucidating the design space of diffusion-based
 * generative models", 2022, weigh the state against the data's mean.) On the straight line K = 1 and r = t. Any e gives the same minimiser; a network that
 * is 0 gives a drift toward the guess.
 *
 * <p>Where the model says that a value is seen, and it is to be held, b = K' / K I: the value arrives as it started.
 */
final class GuessedDrift implements DriftNetwork {
    private final DriftNetwork network;
    private final ForwardModel forward;
    private final InterpolantSchedule schedule;
    private final double error;
    private final boolean hold;

    GuessedDrift(DriftNetwork network, ForwardModel forward, InterpolantSchedule schedule, Guess guess) {
        this.network = network;
        this.forward = forward;
        this.schedule = schedule;
        error = guess.error();
        hold = guess.hold();
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        Coefficients at = new Coefficients(t);
        try (Inputs inputs = new Inputs(at, x, conditioning)) {
            INDArray rest = network.velocity(t, inputs.estimate, Optional.of(inputs.known));
            at.times(rest, at.ofNetwork).negi();
            rest.addi(at.times(inputs.innovation, at.ofInnovation));
            if (hold) {
                forward.seen(conditioning).ifPresent(seen -> {
                    rest.muli(seen.rsubi(1).broadcast(rest.shape()));
                    seen.close();
                });
            }
            if (at.moves) {
                try (INDArray moving = at.times(x.dup('c'), at.ofState)) {
                    rest.addi(moving);
                }
            }
            return rest;
        }
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        Coefficients at = new Coefficients(t);
        try (Inputs inputs = new Inputs(at, x, conditioning);
                INDArray rest = at.times(x.dup('c'), at.ofState)) {
            rest.addi(at.times(inputs.innovation, at.ofInnovation)).subi(target);
            return network.squaredError(
                    t, inputs.estimate, Optional.of(inputs.known), at.times(rest, at.inverseOfNetwork));
        }
    }

    /** What the network is given in the place of the state: x as state and guess together have it, and beside what is known how far they are apart, in their errors. */
    private final class Inputs implements AutoCloseable {
        private final INDArray estimate;
        private final INDArray innovation;
        private final INDArray known;

        Inputs(Coefficients at, INDArray x, Optional<INDArray> conditioning) {
            INDArray scaled = at.scaled(x);
            INDArray guess = forward.guess(scaled, conditioning).orElseThrow();
            innovation = scaled.sub(guess);
            estimate = scaled.subi(at.times(innovation.dup(), at.share));
            at.times(innovation, at.inverseOfErrors);
            known = conditioning.map(c -> Nd4j.concat(1, c, innovation)).orElseGet(innovation::dup);
            guess.close();
        }

        @Override
        public void close() {
            estimate.close();
            innovation.close();
            known.close();
        }
    }

    @Override
    public INDArray parameters() {
        return network.parameters();
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        try (Inputs inputs = new Inputs(new Coefficients(t), x, conditioning)) {
            return network.kernelTimes(t, inputs.estimate, Optional.of(inputs.known), target);
        }
    }

    @Override
    public void close() {
        network.close();
    }

    /** The factors of each item's state, of state less guess, and of the network, at its time: columns [N]. */
    private final class Coefficients {
        private final double[] times;
        private final float[] ofState;
        private final float[] ofInnovation;
        private final float[] share;
        private final float[] inverseOfErrors;
        private final float[] ofNetwork;
        private final float[] inverseOfNetwork;
        private final boolean moves;
        private final boolean unscaled;

        Coefficients(INDArray t) {
            times = t.toDoubleVector();
            ofState = column(time -> kDot(time) / k(time));
            ofInnovation = column(time -> w(time) * r(time) / Math.hypot(r(time), error));
            share = column(time -> r(time) * r(time) / (r(time) * r(time) + error * error));
            inverseOfErrors = column(time -> 1 / Math.hypot(r(time), error));
            ofNetwork = column(time -> w(time) * error / Math.hypot(r(time), error));
            inverseOfNetwork = column(time -> Math.hypot(r(time), error) / (w(time) * error));
            moves = any(ofState, 0);
            unscaled = !any(column(GuessedDrift.this::k), 1);
        }

        private float[] column(DoubleUnaryOperator f) {
            float[] column = new float[times.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = (float) f.applyAsDouble(times[i]);
            }
            return column;
        }

        private static boolean any(float[] column, float other) {
            for (float value : column) {
                if (value != other) {
                    return true;
                }
            }
            return false;
        }

        /** I / K, a copy. */
        INDArray scaled(INDArray x) {
            INDArray copy = x.dup('c');
            return unscaled ? copy : times(copy, column(time -> 1 / k(time)));
        }

        /** Each item times its own factor, in place. */
        INDArray times(INDArray items, float[] factors) {
            try (INDArray column = Nd4j.createFromArray(factors)) {
                items.reshape('c', factors.length, -1).muliColumnVector(column);
            }
            return items;
        }
    }

    private double k(double t) {
        return schedule.alpha(t) + schedule.beta(t);
    }

    private double kDot(double t) {
        return schedule.alphaDot(t) + schedule.betaDot(t);
    }

    private double r(double t) {
        return schedule.beta(t) / k(t);
    }

    /** K r' = (alpha beta' - beta alpha') / K. */
    private double w(double t) {
        return (schedule.alpha(t) * schedule.betaDot(t) - schedule.beta(t) * schedule.alphaDot(t)) / k(t);
    }
}
