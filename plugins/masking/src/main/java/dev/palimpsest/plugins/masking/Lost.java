package dev.palimpsest.plugins.masking;

import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What all masks do with the pixels they lose. */
final class Lost {
    /** Of 8 bits, for data in [-1, 1]. */
    private static final double HALF_A_GREY_LEVEL = 1. / 255;

    private Lost() {}

    /**
     * y = mask (x + noise xi) + (1 - mask) filler, with xi and the filler standard normal in every channel: a pixel's one normal draw is its noise where it is
     * seen and its filler where it is lost.
     *
     * @param mask 1 where seen, 0 where lost: [N, 1, H, W] for x [N, c, H, W], or x's own shape; it becomes the conditioning
     */
    static Observations behind(INDArray mask, INDArray x, double noise, RandomGenerator rng) {
        try (INDArray scale = mask.mul(noise - 1).addi(1);
                INDArray seen = x.mul(mask)) {
            return Observations.of(Samples.gaussian(rng, x.shape()).muli(scale).addi(seen), mask);
        }
    }

    /**
     * Observations with a new filler: every value draws one normal number, which stands where the value is lost.
     *
     * @param observed y with its mask, or without one and NaN in a channel of each pixel that is lost
     * @throws IllegalArgumentException if the mask is not one of ones and zeros in the shape that {@link #behind} takes, or a value that is seen is not finite
     */
    static Observations refilled(Observations observed, RandomGenerator rng) {
        long[] shape = observed.y().shape().clone();
        long[] maskShape = shape.clone();
        if (shape.length == 4) {
            maskShape[1] = 1;
        }
        int channels = shape.length == 4 ? (int) shape[1] : 1;
        float[] y = values(observed.y());
        int pixels = y.length / (int) shape[0] / channels;
        float[] mask = observed.conditioning()
                .map(known -> given(known, maskShape))
                .orElseGet(() -> finite(y, channels, pixels));
        for (int i = 0; i < y.length; i++) {
            float filler = (float) rng.nextGaussian();
            if (mask[i / (channels * pixels) * pixels + i % pixels] == 0) {
                y[i] = filler;
            } else if (!Float.isFinite(y[i])) {
                throw new IllegalArgumentException("expected finite values where the mask is 1, got " + y[i]);
            }
        }
        return Observations.of(
                Nd4j.createFromArray(y).reshape('c', shape),
                Nd4j.createFromArray(mask).reshape('c', maskShape));
    }

    private static float[] given(INDArray mask, long[] shape) {
        if (!Arrays.equals(mask.shape(), shape)) {
            throw new IllegalArgumentException(
                    "expected a mask of shape " + Arrays.toString(shape) + ", got " + Arrays.toString(mask.shape()));
        }
        float[] values = values(mask);
        requireMask(values);
        return values;
    }

    private static void requireMask(float[] values) {
        for (float value : values) {
            if (value != 0 && value != 1) {
                throw new IllegalArgumentException(
                        "expected 1 where a pixel is seen and 0 where it is lost, got " + value);
            }
        }
    }

    /** The mask of pixels [N, 1, H, W] that are not NaN in any of their channels. */
    private static float[] finite(float[] y, int channels, int pixels) {
        float[] mask = new float[y.length / channels];
        Arrays.fill(mask, 1);
        for (int i = 0; i < y.length; i++) {
            if (Float.isNaN(y[i])) {
                mask[i / (channels * pixels) * pixels + i % pixels] = 0;
            }
        }
        return mask;
    }

    /**
     * The mask, where what is seen has noise that does not matter.
     *
     * @throws IllegalArgumentException if it has other values than ones and zeros
     */
    static Optional<INDArray> seen(Optional<INDArray> mask, double noise) {
        mask.ifPresent(known -> requireMask(values(known)));
        return noise < HALF_A_GREY_LEVEL ? mask.map(INDArray::dup) : Optional.empty();
    }

    private static float[] values(INDArray x) {
        return x.dup('c').data().asFloat();
    }
}
