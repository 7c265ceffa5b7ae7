package dev.palimpsest.plugins.unet;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches [N, C, H, W] of the API, to and from the plan's [N, H', W', C'], whose further rows, columns and channels are padding or other maps. */
final class Images {
    private Images() {}

    /** The values of an array in C order. */
    static float[] values(INDArray array) {
        INDArray flat = array.castTo(DataType.FLOAT).dup('c');
        float[] values = new float[Math.toIntExact(flat.length())];
        flat.data().asNioFloat().get(values);
        Reference.reachabilityFence(flat);
        return values;
    }

    /** Throws IllegalArgumentException unless the array has exactly this shape. */
    static void requireShape(INDArray array, String what, long... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException("unet: " + what + " must have shape " + Arrays.toString(shape) + ", got "
                    + Arrays.toString(array.shape()));
        }
    }

    /** Writes images into the tensor's channels from {@code first} on, and zeros where the tensor is larger. */
    static void pack(float[] images, int height, int width, int channels, Tensor tensor, int first) {
        FloatBuffer to = tensor.value().floats();
        Kernels.parallel(tensor.items, item -> {
            int at = item * tensor.itemLength() + first;
            for (int row = 0; row < tensor.height; row++) {
                for (int column = 0; column < tensor.width; column++) {
                    for (int c = 0; c < channels; c++) {
                        boolean inside = row < height && column < width;
                        to.put(at + c, inside ? images[((item * channels + c) * height + row) * width + column] : 0);
                    }
                    at += tensor.channels;
                }
            }
        });
    }

    /** The top left part of the tensor's images. */
    static INDArray unpack(Tensor tensor, int height, int width) {
        float[] images = new float[tensor.items * tensor.channels * height * width];
        FloatBuffer from = tensor.value().floats();
        Kernels.parallel(tensor.items, item -> {
            int next = item * tensor.channels * height * width;
            for (int c = 0; c < tensor.channels; c++) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        images[next++] = from.get(index(tensor, item, row, column, c));
                    }
                }
            }
        });
        return Nd4j.createFromArray(images).reshape('c', tensor.items, tensor.channels, height, width);
    }

    /** The mean of (tensor - target)^2 over the images; sets the tensor's gradient, which is zero on the padding. */
    static double squaredError(Tensor tensor, float[] targets, int height, int width) {
        double[] sums = new double[tensor.items];
        FloatBuffer gradient = tensor.gradient().floats();
        float factor = 2f / targets.length;
        Kernels.parallel(tensor.items, item -> {
            for (int i = item * tensor.itemLength(); i < (item + 1) * tensor.itemLength(); i++) {
                gradient.put(i, 0);
            }
            int next = item * tensor.channels * height * width;
            for (int c = 0; c < tensor.channels; c++) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        int at = index(tensor, item, row, column, c);
                        float error = tensor.value().floats().get(at) - targets[next++];
                        sums[item] += (double) error * error;
                        gradient.put(at, factor * error);
                    }
                }
            }
        });
        return Arrays.stream(sums).sum() / targets.length;
    }

    private static int index(Tensor tensor, int item, int row, int column, int channel) {
        return ((item * tensor.height + row) * tensor.width + column) * tensor.channels + channel;
    }
}
