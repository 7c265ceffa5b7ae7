package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches [N, C, H, W] of the API, to and from the plan's [N, H', W', C'], whose further rows, columns and channels are padding or other maps. */
final class Images {
    private Images() {}

    /** The values of an array in C order, where they lie if that can be, else in a copy. They do not keep the array alive. */
    static FloatBuffer values(INDArray array) {
        boolean plain = array.dataType() == DataType.FLOAT
                && array.ordering() == 'c'
                && array.elementWiseStride() == 1
                && array.offset() == 0;
        return plain
                ? array.data().asNioFloat()
                : FloatBuffer.wrap(array.castTo(DataType.FLOAT).dup('c').data().asFloat());
    }

    /** Throws IllegalArgumentException unless the array has exactly this shape. */
    static void requireShape(INDArray array, String what, long... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException("unet: " + what + " must have shape " + Arrays.toString(shape) + ", got "
                    + Arrays.toString(array.shape()));
        }
    }

    /** Writes images into the tensor's channels from {@code first} on, and zeros where the tensor is larger. */
    static void pack(FloatBuffer images, int height, int width, int channels, Tensor tensor, int first) {
        FloatBuffer to = tensor.value().floats();
        Kernels.parallel(tensor.items, item -> {
            float[] line = Scratch.arrays(1, width)[0];
            for (int c = 0; c < channels; c++) {
                for (int row = 0; row < tensor.height; row++) {
                    if (row < height) {
                        images.get(((item * channels + c) * height + row) * width, line, 0, width);
                    }
                    int at = index(tensor, item, row, 0, first + c);
                    for (int column = 0; column < tensor.width; column++) {
                        to.put(at + column * tensor.channels, row < height && column < width ? line[column] : 0);
                    }
                }
            }
        });
    }

    /** The top left part of the tensor's images. */
    static INDArray unpack(Tensor tensor, int height, int width) {
        INDArray images = Nd4j.createUninitialized(DataType.FLOAT, tensor.items, tensor.channels, height, width);
        FloatBuffer to = images.data().asNioFloat();
        FloatBuffer from = tensor.value().floats();
        Kernels.parallel(tensor.items, item -> {
            float[] line = Scratch.arrays(1, width)[0];
            for (int c = 0; c < tensor.channels; c++) {
                for (int row = 0; row < height; row++) {
                    int at = index(tensor, item, row, 0, c);
                    for (int column = 0; column < width; column++) {
                        line[column] = from.get(at + column * tensor.channels);
                    }
                    to.put(((item * tensor.channels + c) * height + row) * width, line, 0, width);
                }
            }
        });
        return images;
    }

    /** The mean of (tensor - target)^2 over the images; sets the tensor's gradient, which is zero on the padding. */
    static double squaredError(Tensor tensor, FloatBuffer targets, int height, int width) {
        double[] sums = new double[tensor.items];
        FloatBuffer gradient = tensor.gradient().floats();
        FloatBuffer values = tensor.value().floats();
        long count = (long) tensor.items * tensor.channels * height * width;
        float factor = 2f / count;
        Kernels.parallel(tensor.items, item -> {
            float[][] scratch = Scratch.arrays(2, Math.max(width, tensor.width * tensor.channels));
            float[] line = scratch[1];
            for (int row = 0; row < tensor.height; row++) {
                Arrays.fill(line, 0, tensor.width * tensor.channels, 0);
                int start = index(tensor, item, row, 0, 0);
                for (int c = 0; row < height && c < tensor.channels; c++) {
                    targets.get(((item * tensor.channels + c) * height + row) * width, scratch[0], 0, width);
                    for (int column = 0; column < width; column++) {
                        int at = column * tensor.channels + c;
                        float error = values.get(start + at) - scratch[0][column];
                        sums[item] += (double) error * error;
                        line[at] = factor * error;
                    }
                }
                gradient.put(start, line, 0, tensor.width * tensor.channels);
            }
        });
        return Arrays.stream(sums).sum() / count;
    }

    private static int index(Tensor tensor, int item, int row, int column, int channel) {
        return ((item * tensor.height + row) * tensor.width + column) * tensor.channels + channel;
    }
}
