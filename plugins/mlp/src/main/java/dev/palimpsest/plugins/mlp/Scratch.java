package dev.palimpsest.plugins.mlp;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Working arrays of the current thread; what they hold lasts only until the next call of {@link #arrays}. */
final class Scratch {
    /** By thread, for the threads of Java's common pool forget their thread-local variables after every task. */
    private static final Map<Thread, float[][]> KEPT = Collections.synchronizedMap(new WeakHashMap<>());

    private static final float[][] EMPTY = new float[3][0];

    private Scratch() {}

    /** Three arrays of at least this length, holding anything. */
    static float[][] arrays(int length) {
        float[][] arrays = KEPT.getOrDefault(Thread.currentThread(), EMPTY);
        if (arrays[0].length < length) {
            arrays = new float[arrays.length][length];
            KEPT.put(Thread.currentThread(), arrays);
        }
        return arrays;
    }
}
