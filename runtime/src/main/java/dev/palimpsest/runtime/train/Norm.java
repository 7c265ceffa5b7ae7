package dev.palimpsest.runtime.train;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Euclidean norm of a vector. Stretches of a fixed length are summed in double precision, and their sums in order: ND4J's own sums depend on the number
 * of threads.
 */
public final class Norm {
    private static final int STRETCH = 1 << 14;
    private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[STRETCH]);

    private Norm() {}

    public static double of(INDArray vector) {
        INDArray flat = vector.castTo(DataType.FLOAT);
        if (flat.isView() || flat.ordering() != 'c') {
            flat = flat.dup('c');
        }
        FloatBuffer values = flat.data().asNioFloat();
        int length = Math.toIntExact(flat.length());
        double[] sums = new double[(length + STRETCH - 1) / STRETCH];
        IntStream.range(0, sums.length).parallel().forEach(stretch -> {
            float[] x = SCRATCH.get();
            int count = Math.min(STRETCH, length - stretch * STRETCH);
            values.get(stretch * STRETCH, x, 0, count);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += (double) x[i] * x[i];
            }
            sums[stretch] = sum;
        });
        Reference.reachabilityFence(flat);
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.sqrt(total);
    }
}
