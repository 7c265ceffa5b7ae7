package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.ForwardModel;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A forward model's guess g(I / K, conditioning), weighed against the state. With r = beta / K the state is I = K x + K r (y~ - x) (+ gamma z), and
 *
 * <pre>
 * x ~ I / K + r^2 / (r^2 + e^2) (g - I / K),     with the error e r / sqrt(r^2 + e^2) in units of y~ - x
 * </pre>
 *
 * as Bayes' rule weighs the guess, whose error is e, against the state, whose error is r.
 */
record FilledEstimator(ForwardModel forward, Times times, double error) implements Estimator {
    @Override
    public Estimate of(double[] t, INDArray state, Optional<INDArray> conditioning) {
        INDArray x = Times.times(state.dup('c'), Times.column(t, time -> 1 / times.k(time)));
        INDArray innovation = x.dup('c');
        forward.guess(x, conditioning).ifPresent(guess -> {
            innovation.subi(guess);
            guess.close();
        });
        INDArray shift = Times.times(innovation.dup('c'), Times.column(t, time -> -share(times.r(time))));
        x.addi(shift);
        Times.times(innovation, Times.column(t, time -> 1 / Math.hypot(times.r(time), error)));
        return new Estimate(
                x,
                shift,
                innovation,
                Times.column(t, time -> error * times.r(time) / Math.hypot(times.r(time), error)));
    }

    private double share(double r) {
        return r * r / (r * r + error * error);
    }
}
