package dev.palimpsest.plugins.masking;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Loses one square block of each image, at a place drawn uniformly among those where it fits, and fills it with standard normal noise; pixels that are seen have a
 * little noise.
 *
 * <p>Items are images [N, c, H, W]; the conditioning [N, 1, H, W] is 1 where seen, 0 where lost.
 *
 * @param size side of the block in pixels
 * @param noise standard deviation of the noise on a pixel that is seen
 */
@Doc("Loses a square block of each image at a random place; the mask is known.")
public record BlockMask(
        @Doc("Side of the block in pixels.") @Range(min = 1) int size,

        @Doc("Standard deviation of the noise on pixels that are seen.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    public BlockMask() {
        this(8, .001);
    }

    public BlockMask {
        Ranges.check(BlockMask.class, size, noise);
    }

    /** Throws IllegalArgumentException if items of this shape are not images that the block fits into. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3) {
            throw new IllegalArgumentException("block-mask needs images [channels, height, width], got items of shape "
                    + Arrays.toString(itemShape));
        }
        if (size > Math.min(itemShape[1], itemShape[2])) {
            throw new IllegalArgumentException(
                    "block-mask: size must be at most " + Math.min(itemShape[1], itemShape[2]) + " for images of "
                            + itemShape[1] + " x " + itemShape[2] + " pixels, got " + size);
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not images that the block fits into. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        INDArray mask = Nd4j.ones(x.dataType(), x.size(0), 1, x.size(2), x.size(3));
        for (long item = 0; item < x.size(0); item++) {
            long row = rng.nextLong(x.size(2) - size + 1);
            long column = rng.nextLong(x.size(3) - size + 1);
            mask.get(
                            NDArrayIndex.point(item),
                            NDArrayIndex.point(0),
                            NDArrayIndex.interval(row, row + size),
                            NDArrayIndex.interval(column, column + size))
                    .assign(0);
        }
        return Lost.behind(mask, x, noise, rng);
    }

    /** Throws IllegalArgumentException if the mask does not fit, or a value that is seen is not finite. */
    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return Optional.of(Lost.refilled(observed, rng));
    }

    /** Lost pixels are filled by {@link Filling}. */
    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return conditioning.map(mask -> Filling.of(state, mask));
    }

    /** The mask, unless the noise is above half a grey level. */
    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return Lost.seen(conditioning, noise);
    }
}
