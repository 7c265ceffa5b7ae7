package dev.palimpsest.runtime.evaluate;

import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Blocks of rows, on all processors. Where a block begins depends on the number of rows alone, and a matrix product inside one runs in one thread, so that
 * no sum depends on the number of threads.
 */
final class Blocks {
    private static int working;
    private static int threadsOfBlas;

    private Blocks() {}

    /** What is done with the rows of a block, from (inclusive) to (exclusive); nothing that it writes may be another block's. */
    @FunctionalInterface
    interface Work {
        void on(int block, int from, int to);
    }

    static int count(int rows, int size) {
        return (rows + size - 1) / size;
    }

    /** Does something outside of blocks, on one thread of BLAS too. */
    static <T> T alone(Supplier<T> work) {
        begin();
        try {
            return work.get();
        } finally {
            end();
        }
    }

    static void inParallel(int rows, int size, Work work) {
        begin();
        try {
            IntStream.range(0, count(rows, size))
                    .parallel()
                    .forEach(block -> work.on(block, block * size, Math.min(rows, (block + 1) * size)));
        } finally {
            end();
        }
    }

    private static synchronized void begin() {
        if (working++ == 0) {
            threadsOfBlas = Nd4j.factory().blas().getMaxThreads();
            Nd4j.factory().blas().setMaxThreads(1);
        }
    }

    private static synchronized void end() {
        if (--working == 0) {
            Nd4j.factory().blas().setMaxThreads(threadsOfBlas);
        }
    }
}
