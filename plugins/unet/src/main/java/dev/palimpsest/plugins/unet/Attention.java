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
    private Matrices held;
    private Matrices gradient;

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
            Blas.multiplyTransposed(
                    pixels, pixels, depth, scale, held.keys[head], held.queries[head], 0, held.softmax[head]);
            softmax(head);
            Blas.transposedMultiply(
                    pixels, depth, pixels, 1, held.softmax[head], held.values[head], 0, held.result[head]);
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
            Matrix outer = gradient.result[head];
            Matrix scores = gradient.softmax[head];
            Blas.multiply(pixels, depth, pixels, 1, held.softmax[head], outer, 0, gradient.values[head]);
            Blas.multiplyTransposed(pixels, pixels, depth, 1, held.values[head], outer, 0, scores);
            softmaxGradient(head);
            Blas.transposedMultiply(pixels, depth, pixels, scale, scores, held.keys[head], 0, gradient.queries[head]);
            Blas.multiply(pixels, depth, pixels, scale, scores, held.queries[head], 0, gradient.keys[head]);
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

    /** For every image and head, its softmax. */
    private Matrix[] squares(Storage storage) {
        int pixels = out.pixels();
        Matrix[] matrices = new Matrix[out.items * heads];
        for (int head = 0; head < matrices.length; head++) {
            matrices[head] = Matrix.of(storage, (long) head * pixels * pixels, pixels);
        }
        return matrices;
    }

    /** For every image and head, its queries (0), keys (1) or values (2). */
    private Matrix[] parts(Storage storage, int index) {
        int columns = queriesKeysValues.channels;
        Matrix[] matrices = new Matrix[out.items * heads];
        for (int head = 0; head < matrices.length; head++) {
            long image = (long) (head / heads) * out.pixels() * columns;
            matrices[head] = Matrix.of(storage, image + (long) (head % heads * 3 + index) * depth, columns);
        }
        return matrices;
    }

    private Matrix[] results(Storage storage) {
        Matrix[] matrices = new Matrix[out.items * heads];
        for (int head = 0; head < matrices.length; head++) {
            long image = (long) (head / heads) * out.itemLength();
            matrices[head] = Matrix.of(storage, image + (long) (head % heads) * depth, out.channels);
        }
        return matrices;
    }

    /** Where queries, keys and values, the softmax and the result lie: all values, or all gradients. */
    private record Matrices(Matrix[] queries, Matrix[] keys, Matrix[] values, Matrix[] softmax, Matrix[] result) {}

    @Override
    public void prepare(boolean backward) {
        Storage inputs = queriesKeysValues.value();
        held = new Matrices(
                parts(inputs, 0), parts(inputs, 1), parts(inputs, 2), squares(weights.value()), results(out.value()));
        if (backward) {
            Storage gradients = queriesKeysValues.gradient();
            gradient = new Matrices(
                    parts(gradients, 0),
                    parts(gradients, 1),
                    parts(gradients, 2),
                    squares(weights.gradient()),
                    results(out.gradient()));
        }
    }
}
