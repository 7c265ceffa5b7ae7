package dev.palimpsest.plugins.unet;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Loops over arrays that start at index 0, short and with one index, which is what the compiler turns into vector instructions.
 * A tile is a whole number of rows [rows, channels], flattened, that fits the cache.
 */
final class Kernels {
    private static final int TILE = 2048;
    private static final float LARGEST_EXPONENT = 80;
    private static final float C2 = 1f / 2;
    private static final float C3 = 1f / 6;
    private static final float C4 = 1f / 24;
    private static final float C5 = 1f / 120;

    private Kernels() {}

    /**
     * Runs independent pieces on all cores, in any order; as no piece shares anything with another, results do not depend on their number. Each thread takes
     * the next piece when it has done one.
     */
    static void parallel(int pieces, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        int helpers = Math.min(pieces - 1, ForkJoinPool.getCommonPoolParallelism());
        if (helpers <= 0) {
            takePieces(next, pieces, work);
            return;
        }
        ForkJoinTask<?>[] tasks = new ForkJoinTask<?>[helpers];
        for (int i = 0; i < helpers; i++) {
            tasks[i] = ForkJoinPool.commonPool().submit(() -> takePieces(next, pieces, work));
        }
        try {
            takePieces(next, pieces, work);
        } finally {
            for (ForkJoinTask<?> task : tasks) {
                task.quietlyJoin(); // all, before anyone frees what they work on
            }
        }
        for (ForkJoinTask<?> task : tasks) {
            task.join();
        }
    }

    private static void takePieces(AtomicInteger next, int pieces, IntConsumer work) {
        for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
            work.accept(piece);
        }
    }

    /** The length of a tile of rows of this many channels, of which there are so many. */
    static int tile(int channels, int rows) {
        return Math.min(rows, Math.max(1, TILE / channels)) * channels;
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

    /** x -= y. */
    static void subtract(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            x[i] -= y[i];
        }
    }

    /** largest = max(largest, x). */
    static void max(float[] largest, float[] x, int length) {
        for (int i = 0; i < length; i++) {
            largest[i] = Math.max(largest[i], x[i]);
        }
    }

    /** x = 1 / x. */
    static void invert(float[] x, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = 1 / x[i];
        }
    }

    /** sum += x - y, and squares += (x - y)^2. */
    static void addDifferences(float[] x, float[] y, float[] sum, float[] squares, int length) {
        for (int i = 0; i < length; i++) {
            float difference = x[i] - y[i];
            sum[i] += difference;
            squares[i] += difference * difference;
        }
    }

    /** sum += g, and products += g (x - y). */
    static void addProducts(float[] g, float[] x, float[] y, float[] sum, float[] products, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += g[i];
            products[i] += g[i] * (x[i] - y[i]);
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

    /** x = a x + b + c y. */
    static void combine(float[] a, float[] x, float[] b, float[] c, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = a[i] * x[i] + b[i] + c[i] * y[i];
        }
    }

    /**
     * result = e^x as the 64th power of the Taylor polynomial of degree 5 of e^(x/64): within 2e-6 of it, relatively, for |x| below 10, and 1e-4 below 20. Beyond |x| = 80 the
     * argument is cut off.
     */
    static void exp(float[] x, float[] result, int length) {
        for (int i = 0; i < length; i++) {
            float y = Math.min(Math.max(x[i], -LARGEST_EXPONENT), LARGEST_EXPONENT) * (1f / 64);
            float p = C5 * y + C4;
            p = p * y + C3;
            p = p * y + C2;
            p = p * y + 1;
            p = p * y + 1;
            float p4 = p * p * (p * p);
            float p16 = p4 * p4 * (p4 * p4);
            result[i] = p16 * p16 * (p16 * p16);
        }
    }

    /** sigmoid = 1 / (1 + e^-x), with the same e^x: one loop, as a call in it would keep it from becoming vector instructions. */
    static void sigmoid(float[] x, float[] sigmoid, int length) {
        for (int i = 0; i < length; i++) {
            float y = Math.min(Math.max(x[i], -LARGEST_EXPONENT), LARGEST_EXPONENT) * (-1f / 64);
            float p = C5 * y + C4;
            p = p * y + C3;
            p = p * y + C2;
            p = p * y + 1;
            p = p * y + 1;
            float p4 = p * p * (p * p);
            float p16 = p4 * p4 * (p4 * p4);
            sigmoid[i] = 1 / (1 + p16 * p16 * (p16 * p16));
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
