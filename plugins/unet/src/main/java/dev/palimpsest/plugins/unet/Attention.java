package dev.palimpsest.plugins.unet;

import dev.palimpsest.plugins.unet.Blas.Matrix;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Self-attention among the pixels of an image: for each head, out = softmax(q k^T / sqrt(d)) v. The input's channels hold q, k and v, each of
 * d channels, for one head after the other.
 */
final class Attention implements Layer {
    private final Tensor queriesKeysValues;
    private final Tensor weights;
    private final Tensor out;
    private final int heads;
    private final int depth;
    private final float scale;

    Attention(Tensor queriesKeysValues, Tensor weights, Tensor out, int heads) {
        this.queriesKeysValues = queriesKeysValues;
        this.weights = weights;
        this.out = out;
        this.heads = heads;
        depth = out.channels / heads;
        scale = (float) (1 / Math.sqrt(depth));
    }

    /** The largest number of heads that divides the channels and leaves each at least 64. */
    static int heads(int channels) {
        int heads = Math.max(1, channels / 64);
        while (channels % heads != 0) {
            heads--;
        }
        return heads;
    }

    /** The softmax of each image and head, transposed: [keys, queries], so that all queries go through it side by side. */
    static Tensor weights(Tensor image, int heads) {
        return new Tensor(image.items, heads, image.pixels(), image.pixels());
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(queriesKeysValues, weights, out);
    }

    @Override
    public void forward() {
        int pixels = out.pixels();
        Kernels.parallel(out.items * heads, head -> {
            Storage inputs = queriesKeysValues.value();
            Matrix softmax = square(weights.value(), head);
            Blas.multiplyTransposed(
                    pixels, pixels, depth, scale, part(inputs, head, 1), part(inputs, head, 0), 0, softmax);
            softmax(head);
            Blas.transposedMultiply(
                    pixels, depth, pixels, 1, softmax, part(inputs, head, 2), 0, result(out.value(), head));
        });
    }

    private void softmax(int head) {
        int pixels = out.pixels();
        float[][] scratch = Scratch.arrays(3, pixels);
        float[] row = scratch[0];
        float[] largest = scratch[1];
        float[] total = scratch[2];
        FloatBuffer values = weights.value().floats();
        int start = head * pixels * pixels;
        int end = start + pixels * pixels;
        values.get(start, largest, 0, pixels);
        for (int at = start + pixels; at < end; at += pixels) {
            values.get(at, row, 0, pixels);
            Kernels.max(largest, row, pixels);
        }
        Arrays.fill(total, 0, pixels, 0);
        for (int at = start; at < end; at += pixels) {
            values.get(at, row, 0, pixels);
            Kernels.subtract(row, largest, pixels);
            Kernels.exp(row, row, pixels);
            Kernels.add(total, row, pixels);
            values.put(at, row, 0, pixels);
        }
        Kernels.invert(total, pixels);
        for (int at = start; at < end; at += pixels) {
            values.get(at, row, 0, pixels);
            Kernels.multiply(row, total, row, pixels);
            values.put(at, row, 0, pixels);
        }
    }

    @Override
    public void backward() {
        queriesKeysValues.startGradient();
        weights.startGradient();
        int pixels = out.pixels();
        Kernels.parallel(out.items * heads, head -> {
            Matrix softmax = square(weights.value(), head);
            Matrix gradient = square(weights.gradient(), head);
            Matrix outer = result(out.gradient(), head);
            Storage values = queriesKeysValues.value();
            Storage gradients = queriesKeysValues.gradient();
            Blas.multiply(pixels, depth, pixels, 1, softmax, outer, 0, part(gradients, head, 2));
            Blas.multiplyTransposed(pixels, pixels, depth, 1, part(values, head, 2), outer, 0, gradient);
            softmaxGradient(head);
            Blas.transposedMultiply(
                    pixels, depth, pixels, scale, gradient, part(values, head, 1), 0, part(gradients, head, 0));
            Blas.multiply(pixels, depth, pixels, scale, gradient, part(values, head, 0), 0, part(gradients, head, 1));
        });
    }

    /** Gradient of the softmax's input, p (dp - sum(p dp)), in place of dp. */
    private void softmaxGradient(int head) {
        int pixels = out.pixels();
        float[][] scratch = Scratch.arrays(3, pixels);
        float[] p = scratch[0];
        float[] dp = scratch[1];
        float[] total = scratch[2];
        FloatBuffer values = weights.value().floats();
        FloatBuffer gradients = weights.gradient().floats();
        int start = head * pixels * pixels;
        int end = start + pixels * pixels;
        Arrays.fill(total, 0, pixels, 0);
        for (int at = start; at < end; at += pixels) {
            values.get(at, p, 0, pixels);
            gradients.get(at, dp, 0, pixels);
            Kernels.addProduct(total, p, dp, pixels);
        }
        for (int at = start; at < end; at += pixels) {
            values.get(at, p, 0, pixels);
            gradients.get(at, dp, 0, pixels);
            Kernels.subtract(dp, total, pixels);
            Kernels.multiply(p, dp, dp, pixels);
            gradients.put(at, dp, 0, pixels);
        }
    }

    private Matrix square(Storage storage, int head) {
        int pixels = out.pixels();
        return Matrix.of(storage, (long) head * pixels * pixels, pixels);
    }

    private Matrix part(Storage storage, int head, int index) {
        int columns = queriesKeysValues.channels;
        long image = (long) (head / heads) * out.pixels() * columns;
        return Matrix.of(storage, image + (long) (head % heads * 3 + index) * depth, columns);
    }

    private Matrix result(Storage storage, int head) {
        long image = (long) (head / heads) * out.itemLength();
        return Matrix.of(storage, image + (long) (head % heads) * depth, out.channels);
    }
}
