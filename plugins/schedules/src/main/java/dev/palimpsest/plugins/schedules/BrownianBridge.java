package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;

/**
 * I_t = (1 - t) x0 + t x1 + gamma sqrt(2 t (1 - t)) z, with the marginals of a Brownian bridge.
 *
 * <p>gamma'(t) = gamma (1 - 2t) / sqrt(2 t (1 - t)) is infinite at both ends, where gamma gamma' = gamma^2 (1 - 2t) is finite.
 *
 * @param gamma scale of the bridge, whose largest standard deviation is gamma / sqrt(2)
 * @param margin how far the times of the regression keep from 0 and 1
 */
@Doc("The straight line plus a Brownian bridge: (1 - t) x0 + t x1 + gamma sqrt(2 t (1 - t)) z.")
public record BrownianBridge(
        @Doc("Scale of the bridge; its largest standard deviation is .71 of it.") @Range(min = 0)
        double gamma,

        @Doc("How far the times of the regression keep from 0 and 1, where gamma' is infinite.")
        @Range(above = 0, below = .5)
        double margin)
        implements StraightLine {
    public BrownianBridge() {
        this(.5, 1e-3);
    }

    public BrownianBridge {
        Ranges.check(BrownianBridge.class, gamma, margin);
    }

    @Override
    public double gamma(double t) {
        return gamma * Math.sqrt(2 * t * (1 - t));
    }

    @Override
    public double gammaDot(double t) {
        return gamma * (1 - 2 * t) / Math.sqrt(2 * t * (1 - t));
    }

    @Override
    public double gammaGammaDot(double t) {
        return gamma * gamma * (1 - 2 * t);
    }
}
