package dev.palimpsest.plugins.unet;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Loops over float arrays from index 0, short enough for the JIT compiler to vectorise them, and the tiles in which larger arrays pass through them.
 * A tile is a whole number of pixels.
 */
final class Kernels {
    private static final int TILE = 2048;
    private static final float EXPONENT_LIMIT = 20;

    private Kernels() {}

    /** Runs a part for each of n items on all processors; the parts do not depend on how many there are. */
    static void forEach(int n, IntConsumer part) {
        if (n == 1) {
            part.accept(0);
        } else {
            IntStream.range(0, n).parallel().forEach(part);
        }
    }

    /** How many of so many pixels a tile has: the largest divisor that keeps it small. */
    static int pixelsOfTile(int pixels, int channels) {
        int most = Math.max(1, TILE / channels);
        for (int k = Math.min(most, pixels); k > 1; k--) {
            if (pixels % k == 0) {
                return k;
            }
        }
        return 1;
    }

    /** One value a channel, repeated for every pixel of a tile. */
    static void repeat(float[] channels, int count, float[] tile, int length) {
        for (int at = 0; at < length; at += count) {
            System.arraycopy(channels, 0, tile, at, count);
        }
    }

    /** The sums of a tile's pixels, by channel. */
    static void fold(float[] tile, int length, double[] channels, int count) {
        for (int at = 0; at < length; at += count) {
            for (int c = 0; c < count; c++) {
                channels[c] += tile[at + c];
            }
        }
    }

    static void add(float[] sum, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i];
        }
    }

    static void addProduct(float[] sum, float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i] * y[i];
        }
    }

    /** y = a x + b. */
    static void affine(float[] y, float[] a, float[] x, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * x[i] + b[i];
        }
    }

    /** s = 1 / (1 + exp(-u)), with exp(v) = p(v/128)^128 and p the Taylor polynomial of degree 5: to 1e-5 relative for |u| at most 20. */
    static void sigmoid(float[] s, float[] u, int n) {
        for (int i = 0; i < n; i++) {
            float v = Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, -u[i])) * (1f / 128);
            float p = 1 + v * (1 + v * (0.5f + v * (1f / 6 + v * (1f / 24 + v * (1f / 120)))));
            s[i] = p;
        }
        for (int i = 0; i < n; i++) {
            float p = s[i];
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            s[i] = 1 / (1 + p);
        }
    }

    /** x = x y. */
    static void multiply(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            x[i] *= y[i];
        }
    }

    /** d = d s (1 + u (1 - s)): the derivative of u s with s = sigmoid(u), times d. */
    static void siluSlope(float[] d, float[] u, float[] s, int n) {
        for (int i = 0; i < n; i++) {
            d[i] *= s[i] * (1 + u[i] * (1 - s[i]));
        }
    }

    /** y = a d + b x + c. */
    static void combine(float[] y, float[] a, float[] d, float[] b, float[] x, float[] c, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * d[i] + b[i] * x[i];
        }
        add(y, c, n);
    }

    /** p = exp(p - max) / sum, over a row. */
    static void softmax(float[] p, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, p[i]);
        }
        float sum = 0;
        for (int i = 0; i < n; i++) {
            p[i] = exp(p[i] - max);
            sum += p[i];
        }
        float factor = 1 / sum;
        for (int i = 0; i < n; i++) {
            p[i] *= factor;
        }
    }

    /** s = p (s - sum p s), over a row. */
    static void softmaxSlope(float[] s, float[] p, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum += p[i] * s[i];
        }
        for (int i = 0; i < n; i++) {
            s[i] = p[i] * (s[i] - sum);
        }
    }

    private static float exp(float x) {
        float v = Math.max(-EXPONENT_LIMIT, x) * (1f / 128);
        float p = 1 + v * (1 + v * (0.5f + v * (1f / 6 + v * (1f / 24 + v * (1f / 120)))));
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        return p * p;
    }
}
