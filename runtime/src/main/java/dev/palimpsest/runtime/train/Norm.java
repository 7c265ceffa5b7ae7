package dev.palimpsest.runtime.train;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Euclidean norm of a vector. In the host's memory, stretches of a fixed length are summed in double precision, and their sums in order: ND4J's own
 * sums depend on the number of threads.
 */
final class Norm {
    private Norm() {}

    static double of(INDArray vector) {
        if (!HostMemory.isThere()) {
            return vector.norm2Number().doubleValue();
        }
        INDArray flat = HostMemory.readable(vector);
        FloatBuffer values = HostMemory.of(flat);
        int length = Math.toIntExact(flat.length());
        double[] sums = new double[Stretches.count(length)];
        Stretches.of(length, (from, count, scratch) -> {
            float[] x = scratch[0];
            values.get(from, x, 0, count);
            sums[from / Stretches.LENGTH] = squares(x, count);
        });
        Reference.reachabilityFence(flat);
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.sqrt(total);
    }

    /** In eight sums, so that an addition need not wait for the one before. */
    private static double squares(float[] x, int count) {
        double[] sums = new double[8];
        int whole = count / 8 * 8;
        for (int i = 0; i < whole; i += 8) {
            for (int k = 0; k < 8; k++) {
                sums[k] += (double) x[i + k] * x[i + k];
            }
        }
        for (int i = whole; i < count; i++) {
            sums[0] += (double) x[i] * x[i];
        }
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
