package dev.palimpsest.plugins.noise;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Photon counting: n ~ Poisson(r) with r = max(0, (x + 1)/2) peak, and y = 2 n / peak - 1, for x in [-1, 1] of any shape.
 *
 * <p>The mean of y is x, and its variance 2 (x + 1) / peak.
 *
 * @param peak expected photons at x = 1
 */
@Doc("Photon counting noise: counts of mean peak (x + 1)/2, scaled back to the units of x.")
public record PoissonNoise(
        @Doc("Expected photons where x = 1; fewer is noisier.") @Range(above = 0, max = 1e12)
        double peak) implements ForwardModel {
    public PoissonNoise() {
        this(30);
    }

    public PoissonNoise {
        Ranges.check(PoissonNoise.class, peak);
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        float[] pixels = x.dup('c').data().asFloat();
        for (int i = 0; i < pixels.length; i++) {
            double rate = Math.max(0, (pixels[i] + 1.0) / 2) * peak;
            pixels[i] = (float) (2 * Poisson.draw(rate, rng) / peak - 1);
        }
        return Observations.of(Nd4j.createFromArray(pixels).reshape('c', x.shape()));
    }
}
