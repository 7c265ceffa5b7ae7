package dev.palimpsest.plugins.noise;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The scalar channel y = gain x + noise xi, with xi standard normal and x of any shape.
 *
 * @param gain the factor a; where it is negative the mean of the restored law need not converge
 * @param noise standard deviation of the noise
 */
@Doc("The scalar channel y = gain x + noise xi.")
public record Linear(
        @Doc("The factor of x.") double gain,

        @Doc("Standard deviation of the noise.") @Range(min = 0)
        double noise) implements ForwardModel {
    public Linear() {
        this(.5, .1);
    }

    public Linear {
        Ranges.check(Linear.class, gain, noise);
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return Observations.of(Samples.gaussian(rng, x.shape()).muli(noise).addi(x.mul(gain)));
    }
}
