package dev.palimpsest.plugins.mlp;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Independent pieces of work on all processors. Where a piece begins and ends depends on the sizes alone, and a matrix product inside it runs in one
 * thread, so that no sum depends on the number of threads.
 */
final class Pieces {
    private Pieces() {}

    static void inParallel(int pieces, IntConsumer work) {
        if (openblas_nolapack.blas_get_num_threads() != 1) {
            openblas_nolapack.blas_set_num_threads(1); // takes milliseconds
        }
        if (pieces == 1) {
            work.accept(0);
        } else {
            IntStream.range(0, pieces).parallel().forEach(work);
        }
    }

    /** How many pieces of at most this size there are. */
    static int of(int total, int size) {
        return (total + size - 1) / size;
    }
}
