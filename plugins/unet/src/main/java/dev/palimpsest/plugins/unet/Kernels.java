package dev.palimpsest.plugins.unet;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Loops over arrays that start at index 0, short and with one index, which is what the compiler turns into vector instructions.
 * A tile is a whole number of rows [rows, channels], flattened, that fits the cache.
 */
final class Kernels {
    private static final int TILE = 4096;
    private static final float LARGEST_EXPONENT = 80;

    private Kernels() {}

    /** Runs independent pieces on all cores; as no piece shares anything with another, results do not depend on their number. */
    static void parallel(int pieces, IntConsumer work) {
        if (pieces == 1) {
            work.accept(0);
        } else {
            IntStream.range(0, pieces).parallel().forEach(work);
        }
    }

    /** The length of a tile of rows of this many channels. */
    static int tile(int channels) {
        return Math.max(1, TILE / channels) * channels;
    }

    /** Repeats the first {@code period} values over the whole array's first {@code length}. */
    static void repeat(float[] values, int period, int length) {
        for (int done = period; done < length; done *= 2) {
            System.arraycopy(values, 0, values, done, Math.min(done, length - done));
        }
    }

    static void add(float[] sum, float[] x, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += x[i];
        }
    }

    /** sum += x y. */
    static void addProduct(float[] sum, float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += x[i] * y[i];
        }
    }

    static void subtract(float[] x, float[] y, float[] difference, int length) {
        for (int i = 0; i < length; i++) {
            difference[i] = x[i] - y[i];
        }
    }

    static void multiply(float[] x, float[] y, float[] product, int length) {
        for (int i = 0; i < length; i++) {
            product[i] = x[i] * y[i];
        }
    }

    static void scale(float[] x, float factor, int length) {
        for (int i = 0; i < length; i++) {
            x[i] *= factor;
        }
    }

    /** result = a x + b. */
    static void affine(float[] a, float[] x, float[] b, float[] result, int length) {
        for (int i = 0; i < length; i++) {
            result[i] = a[i] * x[i] + b[i];
        }
    }

    /**
     * result = e^x as the 64th power of the Taylor polynomial of e^(x/64): within 4e-6 of it, relatively, for |x| below 20. Beyond |x| = 80 the
     * argument is cut off.
     */
    static void exp(float[] x, float[] result, int length) {
        for (int i = 0; i < length; i++) {
            float y = Math.min(Math.max(x[i], -LARGEST_EXPONENT), LARGEST_EXPONENT) * (1f / 64);
            float p = 1
                    + y
                            * (1
                                    + y
                                            * (1f / 2)
                                            * (1
                                                    + y
                                                            * (1f / 3)
                                                            * (1
                                                                    + y
                                                                            * (1f / 4)
                                                                            * (1
                                                                                    + y
                                                                                            * (1f / 5)
                                                                                            * (1
                                                                                                    + y
                                                                                                            * (1f / 6)
                                                                                                            * (1
                                                                                                                    + y
                                                                                                                            * (1f
                                                                                                                                    / 7)))))));
            float p4 = p * p * (p * p);
            float p16 = p4 * p4 * (p4 * p4);
            result[i] = p16 * p16 * (p16 * p16);
        }
    }

    /** sigmoid = 1 / (1 + e^-x). */
    static void sigmoid(float[] x, float[] sigmoid, int length) {
        for (int i = 0; i < length; i++) {
            sigmoid[i] = -x[i];
        }
        exp(sigmoid, sigmoid, length);
        for (int i = 0; i < length; i++) {
            sigmoid[i] = 1 / (1 + sigmoid[i]);
        }
    }

    /** gradient *= d/dx (x sigmoid(x)) = s + x s (1 - s), with s = sigmoid(x). */
    static void siluGradient(float[] x, float[] sigmoid, float[] gradient, int length) {
        for (int i = 0; i < length; i++) {
            float s = sigmoid[i];
            gradient[i] *= s + x[i] * s * (1 - s);
        }
    }
}
