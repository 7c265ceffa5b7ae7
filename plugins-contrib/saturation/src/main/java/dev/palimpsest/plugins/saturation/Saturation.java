package dev.palimpsest.plugins.saturation;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = Q(clip(gain x + noise xi, -1, 1)): a sensor that amplifies, is noisy, saturates and digitises.
 *
 * <p>xi is standard normal, and Q takes the nearest of the levels -1 + 2 k / (levels - 1), k = 0, ..., levels - 1; the upper one halfway between two. Its gradient is zero almost
 * everywhere, which does not matter here. Items are of any shape; there is no conditioning.
 *
 * @param gain what x is multiplied with
 * @param levels number of values that y can have
 * @param noise standard deviation of the noise before clipping
 */
@Doc(
        "Amplifies, adds noise, clips to [-1, 1] and quantises: a sensor that saturates, whose gradient is zero almost everywhere.")
public record Saturation(
        @Doc("What x is multiplied with.") @Range(above = 0) double gain,

        @Doc("Number of equally spaced values in [-1, 1] that are left; 65536 is 16 bits.") @Range(min = 2, max = 65536)
        int levels,

        @Doc("Standard deviation of the noise before clipping.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    public Saturation() {
        this(1.5, 16, .05);
    }

    public Saturation {
        Ranges.check(Saturation.class, gain, levels, noise);
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        float[] values = x.dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
            values[i] = quantised(gain * values[i] + noise * rng.nextGaussian());
        }
        return Observations.of(Nd4j.createFromArray(values).reshape('c', x.shape()));
    }

    private float quantised(double value) {
        double steps = (levels - 1) / 2.;
        double clipped = Math.max(-1, Math.min(1, value));
        return (float) (Math.floor((clipped + 1) * steps + .5) / steps - 1);
    }
}
