package dev.palimpsest.runtime.train;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.IntStream;

/**
 * Loops over long vectors, stretch by stretch, on all processors. Where a stretch begins depends on the length alone, so that no result depends on the
 * number of threads. HotSpot turns a loop into vector instructions if it is short and has one index into arrays that start at 0: each stretch is
 * copied to such arrays.
 */
final class Stretches {
    static final int LENGTH = 1 << 12;

    private static final int ARRAYS = 5;

    /** By thread, for the threads of Java's common pool forget their thread-local variables after every task. */
    private static final Map<Thread, float[][]> SCRATCH = Collections.synchronizedMap(new WeakHashMap<>());

    private Stretches() {}

    /** What is done with the numbers from..from+count-1 of a vector. */
    interface Work {
        /** @param scratch five arrays of the thread's own, of {@link #LENGTH}, holding anything */
        void on(int from, int count, float[][] scratch);
    }

    static void of(int length, Work work) {
        IntStream.range(0, count(length)).parallel().forEach(stretch -> {
            int from = stretch * LENGTH;
            work.on(
                    from,
                    Math.min(LENGTH, length - from),
                    SCRATCH.computeIfAbsent(Thread.currentThread(), thread -> new float[ARRAYS][LENGTH]));
        });
    }

    /** How many stretches a vector has. */
    static int count(int length) {
        return (length + LENGTH - 1) / LENGTH;
    }
}
