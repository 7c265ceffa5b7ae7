package dev.palimpsest.plugins.mlp;

import java.util.Arrays;

/** One layer y = x W^T + b, with W [out, in] and b [out] one after the other in the flat vector of parameters, and likewise their gradients. */
final class Dense {
    private static final int TILE = 4096;

    private final int in;
    private final int out;
    private final Floats weights;
    private final Floats biases;
    private final Floats weightGradient;
    private final Floats biasGradient;
    private final int tile;
    private final float[] repeatedBiases;
    private final float[] values;
    private final float[] factors;
    private final float[] sums;

    Dense(int in, int out, Floats parameters, Floats gradient) {
        this.in = in;
        this.out = out;
        weights = parameters;
        biases = parameters.from((long) in * out);
        weightGradient = gradient;
        biasGradient = gradient.from((long) in * out);
        tile = Math.max(1, TILE / out) * out;
        repeatedBiases = new float[tile];
        values = new float[tile];
        factors = new float[tile];
        sums = new float[tile];
    }

    int out() {
        return out;
    }

    /** y [n, out] = x W^T + b. */
    void affine(Floats x, Floats y, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        repeatBiases(n);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            y.read(start, values, count);
            Silu.add(values, repeatedBiases, count);
            y.write(start, values, count);
        }
    }

    /** y [n, out] = SiLU(x W^T + b). */
    void activate(Floats x, Floats y, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        repeatBiases(n);
        for (int start = 0; start < n * out; start += tile) {
            activateTile(y, start, Math.min(tile, n * out - start));
        }
    }

    /** y [n, out] = SiLU(x W^T + b), and slopes [n, out] of SiLU there. */
    void activate(Floats x, Floats y, Floats slopes, int n) {
        y.productWithTransposed(x, weights, n, out, in);
        repeatBiases(n);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            activateTile(y, start, count);
            Silu.slope(values, factors, count);
            slopes.write(start, factors, count);
        }
    }

    /** delta [n, out] = delta slopes. */
    void throughActivation(Floats delta, Floats slopes, int n) {
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            delta.read(start, values, count);
            slopes.read(start, factors, count);
            Silu.multiply(values, factors, count);
            delta.write(start, values, count);
        }
    }

    /** The gradients of W and b, from x [n, in] and the gradient of y, delta [n, out]. */
    void gradients(Floats x, Floats delta, int n) {
        weightGradient.productOfTransposed(delta, x, out, in, n);
        Arrays.fill(sums, 0);
        for (int start = 0; start < n * out; start += tile) {
            int count = Math.min(tile, n * out - start);
            delta.read(start, values, count);
            Silu.add(sums, values, count);
        }
        for (int i = out; i < tile; i++) {
            sums[i % out] += sums[i];
        }
        biasGradient.write(0, sums, out);
    }

    /** The gradient of x, [n, in] = delta W. */
    void back(Floats delta, Floats gradientOfX, int n) {
        gradientOfX.product(delta, weights, n, in, out);
    }

    private void activateTile(Floats y, int start, int count) {
        y.read(start, values, count);
        Silu.add(values, repeatedBiases, count);
        Silu.sigmoid(values, factors, count);
        Silu.multiply(values, factors, count);
        y.write(start, values, count);
    }

    private void repeatBiases(int n) {
        biases.read(0, repeatedBiases, out);
        int length = Math.min(tile, n * out);
        for (int start = out; start < length; start += out) {
            System.arraycopy(repeatedBiases, 0, repeatedBiases, start, out);
        }
    }
}
