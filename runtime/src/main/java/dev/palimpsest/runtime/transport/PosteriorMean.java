package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The posterior mean E[x | y, conditioning of y] under the distribution of clean items that a drift has learned, by one network call: at t = 1 the
 * interpolant is y itself, so that
 *
 * <pre>
 * b(1, y) = alpha'(1) E[x | y] + beta'(1) y + gamma gamma'(1) (a score)
 * E[x | y] = (b(1, y) - beta'(1) y) / alpha'(1)                              where gamma gamma'(1) = 0
 * </pre>
 *
 * A drift that was trained with a share 1 - mix of real pairs (Phi(y), y) has mix E[x | y] + (1 - mix) Phi(y) in the place of E[x | y]; Phi(y) is then
 * taken out. That is exact where y and F(x) have one distribution, as they have at the fixed point.
 */
public final class PosteriorMean {
    /** What gamma gamma' may have for 0, by rounding. */
    private static final double ROUNDING = 1e-9;

    private final DriftNetwork drift;
    private final double alphaDot;
    private final double betaDot;
    private final double mix;
    private long calls;

    /**
     * @param mix the share of pairs (x, F(x)) that the drift was trained with, above 0
     * @throws TransportException if no mean follows from a drift on this schedule
     */
    public PosteriorMean(DriftNetwork drift, InterpolantSchedule schedule, double mix) {
        impossible(schedule, mix).ifPresent(reason -> {
            throw new TransportException(reason);
        });
        this.drift = drift;
        this.mix = mix;
        alphaDot = schedule.alphaDot(1);
        betaDot = schedule.betaDot(1);
    }

    /** Why no mean follows from a drift that was trained on a schedule with such a share of pairs (x, F(x)); empty if one does. */
    public static Optional<String> impossible(InterpolantSchedule schedule, double mix) {
        if (Math.abs(schedule.gammaGammaDot(1)) > ROUNDING) {
            return Optional.of("the posterior mean does not follow from a drift on the schedule " + schedule
                    + ", whose gamma gamma' is " + schedule.gammaGammaDot(1)
                    + " at t = 1 where 0 is needed; train with another schedule, such as linear");
        }
        if (!Double.isFinite(schedule.alphaDot(1)) || Math.abs(schedule.alphaDot(1)) <= ROUNDING) {
            return Optional.of(
                    "the posterior mean does not follow from a drift on the schedule " + schedule
                            + ", whose alpha' is " + schedule.alphaDot(1)
                            + " at t = 1 where a finite number other than 0 is needed; train with another schedule, such as linear");
        }
        if (mix == 0) {
            return Optional.of(
                    "the posterior mean does not follow from a drift that was trained with train.mix 0, which has seen no F(x)");
        }
        return Optional.empty();
    }

    /** Whether {@link #apply} needs Phi(y). */
    public boolean needsTransport() {
        return mix < 1;
    }

    /**
     * The mean of a batch.
     *
     * @param observations y [N, ...] and its own conditioning
     * @param restored Phi(y), used only if {@link #needsTransport}
     * @return a new array of y's shape
     */
    public INDArray apply(Observations observations, Optional<INDArray> restored) {
        return of(restored, apply(observations));
    }

    /**
     * The same of what the drift has for it, which is overwritten.
     *
     * @param mean what {@link #apply(Observations)} gives
     */
    public INDArray of(Optional<INDArray> restored, INDArray mean) {
        if (!needsTransport()) {
            return mean;
        }
        INDArray x = restored.orElseThrow(() -> new IllegalArgumentException("expected Phi(y), for mix is " + mix));
        try (INDArray part = x.mul(1 - mix)) {
            return mean.subi(part).divi(mix);
        }
    }

    /** What the drift has for E[x | y]: mix E[x | y] + (1 - mix) Phi(y). */
    public INDArray apply(Observations observations) {
        INDArray y = observations.y();
        calls += y.size(0);
        try (INDArray times = Nd4j.ones(y.dataType(), y.size(0));
                INDArray known = y.mul(betaDot)) {
            return drift.velocity(times, y, observations.conditioning())
                    .subi(known)
                    .divi(alphaDot);
        }
    }

    /** How many times the drift has been evaluated for one item, over all items and calls so far. */
    public long calls() {
        return calls;
    }
}
