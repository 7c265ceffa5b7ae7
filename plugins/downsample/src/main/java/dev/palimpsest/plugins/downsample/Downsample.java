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
 * y = U (A x + noise xi): A averages over blocks of factor x factor pixels, xi is one standard normal value for each of these coarse pixels and channels, and U gives
 * every pixel of a block its coarse pixel's value, so that y has the shape of x.
 *
 * <p>What differs within a block is destroyed: no observation depends on it, and what is restored of it keeps the law that training began with. Items are images [N, c, H, W];
 * there is no conditioning.
 *
 * @param factor side of a block in pixels; it divides height and width
 * @param noise standard deviation of the noise on a coarse pixel
 */
@Doc(
        "Averages over square blocks of pixels and adds noise to each block; what differs within a block is destroyed and cannot be learned (it keeps its initial law).")
public record Downsample(
        @Doc("Side of a block in pixels; it must divide height and width.") @Range(min = 1)
        int factor,

        @Doc("Standard deviation of the noise on a block.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    public Downsample() {
        this(2, .01);
    }

    public Downsample {
        Ranges.check(Downsample.class, factor, noise);
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
        int width = (int) x.size(3);
        float[] pixels = x.dup('c').data().asFloat();
        float[] coarse = new float[width / factor];
        for (int strip = 0; strip < pixels.length; strip += factor * width) {
            Arrays.fill(coarse, 0);
            for (int pixel = 0; pixel < factor * width; pixel++) {
                coarse[pixel % width / factor] += pixels[strip + pixel];
            }
            for (int block = 0; block < coarse.length; block++) {
                coarse[block] = (float) (coarse[block] / ((double) factor * factor) + noise * rng.nextGaussian());
            }
            for (int pixel = 0; pixel < factor * width; pixel++) {
                pixels[strip + pixel] = coarse[pixel % width / factor];
            }
        }
        return Observations.of(Nd4j.createFromArray(pixels).reshape('c', x.shape()));
    }
}
