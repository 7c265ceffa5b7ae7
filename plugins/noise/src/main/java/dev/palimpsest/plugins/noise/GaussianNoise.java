package dev.palimpsest.plugins.noise;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = x + sigma xi, with xi standard normal and x of any shape.
 *
 * @param sigma standard deviation of the noise
 */
@Doc("Adds Gaussian noise: y = x + sigma xi.")
public record GaussianNoise(
        @Doc("Standard deviation of the noise.") @Range(min = 0)
        double sigma) implements ForwardModel {
    public GaussianNoise() {
        this(.5);
    }

    public GaussianNoise {
        Ranges.check(GaussianNoise.class, sigma);
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return new Linear(1, sigma).apply(x, rng);
    }
}
