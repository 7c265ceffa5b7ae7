package dev.palimpsest.api;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A forward model for black boxes written with no tensor library: one image at a time, as floats in channel-row-column order. */
public interface PixelForwardModel extends ForwardModel {
    /**
     * Corrupts one image.
     *
     * @param pixels channels x height x width values in [-1, 1]; a copy, free to be modified
     * @return as many values, in the same order
     */
    float[] apply(float[] pixels, int channels, int height, int width, RandomGenerator rng);

    /**
     * Calls the pixel form once for each image of the batch, in order.
     *
     * @throws IllegalArgumentException if x is not [N, channels, height, width], or if the pixel form returns another number of values
     */
    @Override
    default Observations apply(INDArray x, RandomGenerator rng) {
        if (x.rank() != 4) {
            throw new IllegalArgumentException(
                    "a pixel forward model needs images [N, channels, height, width], got shape "
                            + Arrays.toString(x.shape()));
        }
        int items = (int) x.size(0);
        int channels = (int) x.size(1);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        int size = channels * height * width;
        float[] all = x.dup('c').data().asFloat();
        for (int i = 0; i < items; i++) {
            float[] y = apply(Arrays.copyOfRange(all, i * size, (i + 1) * size), channels, height, width, rng);
            if (y.length != size) {
                throw new IllegalArgumentException("expected " + size + " pixel values, got " + y.length);
            }
            System.arraycopy(y, 0, all, i * size, size);
        }
        return Observations.of(Nd4j.createFromArray(all).reshape('c', x.shape()));
    }
}
