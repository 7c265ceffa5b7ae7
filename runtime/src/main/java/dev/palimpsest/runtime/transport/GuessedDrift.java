package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.runtime.transport.Estimator.Estimate;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A drift that begins from a simple estimate x^ of x, and whose network N predicts the rest in units of the estimate's error s. With K = alpha + beta and
 * r = beta / K
 *
 * <pre>
 * x ~ x^ + s N,     b = K' / K I - K r' / r (x^ + s N - I / K)
 * </pre>
 *
 * which on the straight line is (I - x) / t. Where gamma = 0 this is how b follows from E[x | I]; elsewhere N stands for what b has besides. N has to predict
 * numbers of one size at all times, as in Karras et al., "Elucidating the design space of diffusion-based generative models", 2022. Any estimate gives the same
 * minimiser; a network that is 0 gives a drift toward the estimate. The network is given the estimate in the place of the state, and beside what is known what
 * the estimate leaves out of the state.
 *
 * <p>Where the model says that a value is seen, and it is to be held, b = K' / K I: the value arrives as it started.
 */
final class GuessedDrift implements DriftNetwork {
    /** Times below are taken for this one: I is x itself at t = 0, where s and r vanish together. */
    private static final double LEAST_TIME = 1e-3;

    private final DriftNetwork network;
    private final Estimator estimator;
    private final Optional<ForwardModel> holding;
    private final Times schedule;

    /** @param holding tells which values are seen; empty if none is held */
    GuessedDrift(DriftNetwork network, Estimator estimator, Optional<ForwardModel> holding, Times schedule) {
        this.network = network;
        this.estimator = estimator;
        this.holding = holding;
        this.schedule = schedule;
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        double[] times = times(t);
        try (Estimate estimate = estimator.of(times, x, conditioning);
                INDArray known = known(estimate, conditioning)) {
            INDArray b = network.velocity(t, estimate.x(), Optional.of(known));
            Times.times(b, estimate.error()).addi(estimate.shift());
            holding.flatMap(forward -> forward.seen(conditioning)).ifPresent(seen -> {
                b.muli(seen.rsubi(1).broadcast(b.shape()));
                seen.close();
            });
            Times.times(b, Times.column(times, time -> -toVelocity(time)));
            return b.addi(moving(times, x));
        }
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        double[] times = times(t);
        try (Estimate estimate = estimator.of(times, x, conditioning);
                INDArray known = known(estimate, conditioning);
                INDArray rest = moving(times, x)) {
            Times.times(rest.subi(target), Times.column(times, time -> 1 / toVelocity(time)))
                    .subi(estimate.shift());
            float[] inverse = estimate.error().clone();
            for (int i = 0; i < inverse.length; i++) {
                inverse[i] = 1 / inverse[i];
            }
            return network.squaredError(t, estimate.x(), Optional.of(known), Times.times(rest, inverse));
        }
    }

    /** K' / K I. */
    private INDArray moving(double[] times, INDArray x) {
        return Times.times(x.dup('c'), Times.column(times, time -> schedule.kDot(time) / schedule.k(time)));
    }

    /** K r' / r. */
    private double toVelocity(double t) {
        return schedule.speed(t) / schedule.r(t);
    }

    private static double[] times(INDArray t) {
        double[] times = t.toDoubleVector();
        for (int i = 0; i < times.length; i++) {
            times[i] = Math.max(LEAST_TIME, times[i]);
        }
        return times;
    }

    private static INDArray known(Estimate estimate, Optional<INDArray> conditioning) {
        return conditioning
                .map(c -> Nd4j.concat(1, c, estimate.innovation()))
                .orElseGet(() -> estimate.innovation().dup());
    }

    @Override
    public INDArray parameters() {
        return network.parameters();
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        try (Estimate estimate = estimator.of(times(t), x, conditioning);
                INDArray known = known(estimate, conditioning)) {
            return network.kernelTimes(t, estimate.x(), Optional.of(known), target);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
