package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;

/**
 * I_t = (1 - t) x0 + t x1 + gamma t (1 - t) z, with a latent noise that starts and ends smoothly.
 *
 * @param gamma scale of the latent noise, whose largest standard deviation is gamma / 4
 */
@Doc("The straight line plus a latent noise: (1 - t) x0 + t x1 + gamma t (1 - t) z.")
public record Latent(
        @Doc("Scale of the latent noise; its largest standard deviation is a quarter of it.") @Range(min = 0)
        double gamma)
        implements StraightLine {
    public Latent() {
        this(.5);
    }

    public Latent {
        Ranges.check(Latent.class, gamma);
    }

    @Override
    public double gamma(double t) {
        return gamma * t * (1 - t);
    }

    @Override
    public double gammaDot(double t) {
        return gamma * (1 - 2 * t);
    }
}
