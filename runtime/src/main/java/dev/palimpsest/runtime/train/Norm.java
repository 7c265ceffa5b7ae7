package dev.palimpsest.runtime.train;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Euclidean norm of a vector. In the host's memory, stretches of a fixed length are summed in double precision, and their sums in order: ND4J's own
 * sums depend on the number of threads.
 */
public final class Norm {
    private Norm() {}

    public static double of(INDArray vector) {
        if (!HostMemory.isThere()) {
            return vector.norm2Number().doubleValue();
        }
        FloatBuffer values = HostMemory.of(vector);
        int length = Math.toIntExact(vector.length());
        double[] sums = new double[Stretches.count(length)];
        Stretches.of(length, (from, count, scratch) -> {
            float[] x = scratch[0];
            values.get(from, x, 0, count);
            sums[from / Stretches.LENGTH] = squares(x, count);
        });
        Reference.reachabilityFence(vector);
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.sqrt(total);
    }

    /** In four sums, so that an addition need not wait for the one before. */
    private static double squares(float[] x, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int whole = count & -4;
        for (int i = 0; i < whole; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
        }
        for (int i = whole; i < count; i++) {
            a += (double) x[i] * x[i];
        }
        return a + b + (c + d);
    }
}
