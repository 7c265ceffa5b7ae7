package dev.palimpsest.plugins.masking;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loses each pixel with a probability, all its channels alike, and fills it with standard normal noise; pixels that are seen have a little noise.
 *
 * <p>Items are images [N, c, H, W], with conditioning [N, 1, H, W], or vectors [N, d], whose coordinates are the pixels, with conditioning [N, d]: 1
 * where seen, 0 where lost.
 *
 * @param probability of a pixel to be lost
 * @param noise standard deviation of the noise on a pixel that is seen
 */
@Doc("Loses each pixel with a probability; the mask is known.")
public record RandomMask(
        @Doc("Probability of a pixel to be lost.") @Range(min = 0, max = 1)
        double probability,

        @Doc("Standard deviation of the noise on pixels that are seen.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    public RandomMask() {
        this(.5, .001);
    }

    public RandomMask {
        Ranges.check(RandomMask.class, probability, noise);
    }

    /** Throws IllegalArgumentException if x is neither images [N, c, H, W] nor vectors [N, d]. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        long[] shape = x.shape().clone();
        if (shape.length != 2 && shape.length != 4) {
            throw new IllegalArgumentException(
                    "random-mask needs images [N, channels, height, width] or vectors [N, d], got shape "
                            + Arrays.toString(shape));
        }
        if (shape.length == 4) {
            shape[1] = 1;
        }
        return Lost.behind(Samples.bernoulli(rng, 1 - probability, shape), x, noise, rng);
    }

    /** Throws IllegalArgumentException if the mask does not fit, or a value that is seen is not finite. */
    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return Optional.of(Lost.refilled(observed, rng));
    }

    /** Lost pixels of images are filled by {@link Filling}; vectors have no guess, since their coordinates have no neighbours. */
    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return state.rank() == 4 ? conditioning.map(mask -> Filling.of(state, mask)) : Optional.empty();
    }

    /** The mask, unless the noise is above half a grey level. */
    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return Lost.seen(conditioning, noise);
    }
}
