package dev.palimpsest.plugins.jpeg;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = decode(encode(x, q)): every image is compressed by JPEG with its own quality q, uniform on the integers from..to, and decompressed.
 *
 * <p>Items are images [N, c, H, W] with c = 1 (grey) or 3 (red, green, blue; stored as YCbCr with 4:2:0 subsampling). x in [-1, 1] becomes the bytes
 * round(127.5 (x + 1)), clipped to 0..255, and y = byte / 127.5 - 1. The conditioning [N, 1] is q / 50 - 1: within [-1, 1] for all qualities, and independent of from and to.
 * Qualities are libjpeg's, 1 to 100: the quantisation tables are those of the standard's annex K times 50 / q below 50 and 2 - q / 50 above. Nothing else is random. Source: ITU-T T.81.
 *
 * @param from lowest quality
 * @param to highest quality
 */
@Doc("Compresses each image with JPEG at a random quality; the quality is known.")
public record Jpeg(
        @Doc("Lowest quality.") @Range(min = 1, max = 100) int from,
        @Doc("Highest quality.") @Range(min = 1, max = 100) int to)
        implements ForwardModel {
    public Jpeg() {
        this(10, 50);
    }

    public Jpeg {
        Ranges.check(Jpeg.class, from, to);
        if (from > to) {
            throw new IllegalArgumentException("from must be at most to, got from " + from + " and to " + to);
        }
    }

    /** Throws IllegalArgumentException if items of this shape are not images of one or three channels. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3 || itemShape[0] != 1 && itemShape[0] != 3) {
            throw new IllegalArgumentException(
                    "jpeg needs images [channels, height, width] of 1 or 3 channels, got items of shape "
                            + Arrays.toString(itemShape));
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not images of one or three channels. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int items = (int) x.size(0);
        int channels = (int) x.size(1);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] pixels = x.dup('c').data().asFloat();
        float[] conditioning = new float[items];
        try (Codec codec = new Codec(channels, height, width)) {
            for (int item = 0; item < items; item++) {
                int quality = rng.nextInt(from, to + 1);
                conditioning[item] = (float) (quality / 50. - 1);
                codec.replace(pixels, item * channels * height * width, quality);
            }
        }
        return Observations.of(
                Nd4j.createFromArray(pixels).reshape('c', x.shape()),
                Nd4j.createFromArray(conditioning).reshape('c', items, 1));
    }
}
