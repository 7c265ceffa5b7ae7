package dev.palimpsest.plugins.downsample;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = U (A x + noise xi) + filler (I - U A) zeta: A averages over blocks of factor x factor pixels, xi is one standard normal value for each of these coarse pixels and channels, and U
 * gives every pixel of a block its coarse pixel's value, so that y has the shape of x. zeta is standard normal; of it remains what differs within a block.
 *
 * <p>What differs within a block is destroyed: if the blocks are the same for all items, no observation depends on it, and what is restored of it keeps the law that training began
 * with. With {@code shift} the blocks of each item begin at a random row and column: blocks that the edge cuts are smaller, every direction is seen in some items, and the filler is
 * what the unseen details of an item can be made of. Items are images [N, c, H, W]; with {@code shift} the conditioning [N, 1, H, W] is 1 at the pixel with which a block begins and 0
 * elsewhere, else there is none.
 *
 * @param factor side of a block in pixels; it divides height and width
 * @param noise standard deviation of the noise on a coarse pixel
 * @param shift whether the blocks of each item begin at a place of their own
 * @param filler standard deviation of what is put where a block has lost its details
 */
@Doc(
        "Averages over square blocks of pixels and adds noise to each block; what differs within a block is destroyed, and cannot be learned (it keeps its initial law) unless the blocks are shifted.")
public record Downsample(
        @Doc("Side of a block in pixels; it must divide height and width.") @Range(min = 1)
        int factor,

        @Doc("Standard deviation of the noise on a block.") @Range(min = 0)
        double noise,

        @Doc("Whether the blocks of each image begin at a random place, which is known.")
        boolean shift,

        @Doc("Standard deviation of the noise that stands for the details that a block has lost.") @Range(min = 0)
        double filler)
        implements ForwardModel {
    /** The same blocks for all items, and nothing where details were. */
    public Downsample(int factor, double noise) {
        this(factor, noise, false, 0);
    }

    public Downsample() {
        this(2, .01);
    }

    public Downsample {
        Ranges.check(Downsample.class, factor, noise, shift, filler);
    }

    /** Throws IllegalArgumentException if items of this shape are not images whose height and width the factor divides. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3) {
            throw new IllegalArgumentException("downsample needs images [channels, height, width], got items of shape "
                    + Arrays.toString(itemShape));
        }
        int height = (int) itemShape[1];
        int width = (int) itemShape[2];
        if (!divides(factor, height, width)) {
            String possible = IntStream.rangeClosed(1, Math.min(height, width))
                    .filter(candidate -> divides(candidate, height, width))
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("downsample: factor must divide the height and the width of images of "
                    + height + " x " + width + " pixels, as do " + possible + "; got " + factor);
        }
        return this;
    }

    private static boolean divides(int factor, int height, int width) {
        return height % factor == 0 && width % factor == 0;
    }

    /** Throws IllegalArgumentException if x is not images whose height and width the factor divides. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int items = (int) x.size(0);
        int channels = (int) x.size(1);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] pixels = x.dup('c').data().asFloat();
        float[] begins = new float[items * height * width];
        for (int item = 0; item < items; item++) {
            Blocks blocks =
                    new Blocks(height, width, factor, shift ? rng.nextInt(factor) : 0, shift ? rng.nextInt(factor) : 0);
            for (int plane = item * channels; plane < (item + 1) * channels; plane++) {
                corrupt(pixels, plane * height * width, blocks, rng);
            }
            blocks.mark(begins, item * height * width);
        }
        INDArray y = Nd4j.createFromArray(pixels).reshape('c', x.shape());
        return shift
                ? Observations.of(y, Nd4j.createFromArray(begins).reshape('c', items, 1, height, width))
                : Observations.of(y);
    }

    private void corrupt(float[] pixels, int start, Blocks blocks, RandomGenerator rng) {
        double[] coarse = blocks.means(pixels, start);
        for (int block = 0; block < coarse.length; block++) {
            coarse[block] += noise * rng.nextGaussian();
        }
        if (filler == 0) {
            blocks.spread(coarse, pixels, start);
            return;
        }
        float[] detail = new float[blocks.size()];
        for (int pixel = 0; pixel < detail.length; pixel++) {
            detail[pixel] = (float) (filler * rng.nextGaussian());
        }
        double[] means = blocks.means(detail, 0);
        for (int block = 0; block < coarse.length; block++) {
            coarse[block] -= means[block];
        }
        blocks.spread(coarse, pixels, start);
        for (int pixel = 0; pixel < detail.length; pixel++) {
            pixels[start + pixel] += detail[pixel];
        }
    }
}
