package dev.palimpsest.plugins.mlp;

import java.util.Arrays;

/**
 * One layer y = x W^T + b, with W [out, in] and b [out] one after the other in the flat vector of parameters, and likewise their gradients. All but
 * the gradients work on some rows of a batch, and several threads may call them for different rows.
 */
final class Dense {
    private static final int TILE = 4096;
    private static final int OUTS = 64;

    private final int in;
    private final int out;
    private final Floats weights;
    private final Floats biases;
    private final int tile;
    private Floats weightGradient;
    private Floats biasGradient;

    Dense(int in, int out, Floats parameters) {
        this.in = in;
        this.out = out;
        weights = parameters;
        biases = parameters.from((long) in * out);
        tile = Math.max(1, TILE / out) * out;
    }

    /** Says where the gradients of W and b, one after the other, are to be left. */
    void holdGradient(Floats gradient) {
        weightGradient = gradient;
        biasGradient = gradient.from((long) in * out);
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    /** y [n, out] = x W^T + b. */
    void affine(Floats x, Floats y, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        float[][] scratch = Scratch.arrays(tile);
        float[] values = scratch[0];
        float[] repeated = repeatedBiases(scratch[2], n);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            y.read(start, values, count);
            Silu.add(values, repeated, count);
            y.write(start, values, count);
        }
    }

    /** y [n, out] = SiLU(x W^T + b). */
    void activate(Floats x, Floats y, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        float[][] scratch = Scratch.arrays(tile);
        float[] repeated = repeatedBiases(scratch[2], n);
        for (int start = 0; start < n * out; start += tile) {
            activateTile(y, start, Math.min(tile, n * out - start), scratch[0], scratch[1], repeated);
        }
    }

    /** y [n, out] = SiLU(x W^T + b), and slopes [n, out] of SiLU there. */
    void activate(Floats x, Floats y, Floats slopes, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        float[][] scratch = Scratch.arrays(tile);
        float[] values = scratch[0];
        float[] factors = scratch[1];
        float[] repeated = repeatedBiases(scratch[2], n);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            activateTile(y, start, count, values, factors, repeated);
            Silu.slope(values, factors, count);
            slopes.write(start, factors, count);
        }
    }

    /** delta [n, out] = delta slopes. */
    void throughActivation(Floats delta, Floats slopes, int n) {
        float[][] scratch = Scratch.arrays(tile);
        float[] values = scratch[0];
        float[] factors = scratch[1];
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            delta.read(start, values, count);
            slopes.read(start, factors, count);
            Silu.multiply(values, factors, count);
            delta.write(start, values, count);
        }
    }

    /** The gradient of x, [n, in] = delta W. */
    void back(Floats delta, Floats gradientOfX, int n) {
        gradientOfX.product(delta, weights, n, in, out);
    }

    /** What these rows add to the gradient of b: the sums of the columns of delta [n, out]. */
    void sumColumns(Floats delta, int n, float[] ofColumns) {
        float[][] scratch = Scratch.arrays(tile);
        float[] values = scratch[0];
        float[] sums = scratch[1];
        Arrays.fill(sums, 0, tile, 0);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            delta.read(start, values, count);
            Silu.add(sums, values, count);
        }
        for (int i = out; i < tile; i++) {
            sums[i % out] += sums[i];
        }
        System.arraycopy(sums, 0, ofColumns, 0, out);
    }

    void biasGradient(float[] sums) {
        biasGradient.write(0, sums, out);
    }

    /** In how many independent pieces the gradient of W is computed. */
    int pieces() {
        return Pieces.of(out, OUTS);
    }

    /** A piece of the gradient of W: some of its rows, from all of x [n, in] and of the gradient of y, delta [n, out]. */
    void weightGradient(int piece, Floats x, Floats delta, int n) {
        int first = piece * OUTS;
        weightGradient
                .from((long) first * in)
                .productOfTransposed(delta.from(first), out, x, Math.min(OUTS, out - first), in, n);
    }

    private static void activateTile(
            Floats y, int start, int count, float[] values, float[] factors, float[] repeatedBiases) {
        y.read(start, values, count);
        Silu.add(values, repeatedBiases, count);
        Silu.sigmoid(values, factors, count);
        Silu.multiply(values, factors, count);
        y.write(start, values, count);
    }

    private float[] repeatedBiases(float[] repeated, int n) {
        biases.read(0, repeated, out);
        int length = Math.min(tile, n * out);
        for (int start = out; start < length; start += out) {
            System.arraycopy(repeated, 0, repeated, start, out);
        }
        return repeated;
    }
}
