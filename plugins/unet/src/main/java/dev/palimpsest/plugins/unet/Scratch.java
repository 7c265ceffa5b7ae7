package dev.palimpsest.plugins.unet;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Working arrays of the current thread; what they hold lasts only until the next call of {@link #arrays}. */
final class Scratch {
    /** By thread, for the threads of Java's common pool forget their thread-local variables after every task. */
    private static final Map<Thread, float[][]> KEPT = Collections.synchronizedMap(new WeakHashMap<>());

    private static final float[][] NONE = {};

    private Scratch() {}

    /** At least this many arrays of at least this length, holding anything. */
    static float[][] arrays(int count, int length) {
        float[][] arrays = KEPT.getOrDefault(Thread.currentThread(), NONE);
        if (arrays.length < count || arrays[0].length < length) {
            int longest = arrays.length == 0 ? length : Math.max(length, arrays[0].length);
            arrays = new float[Math.max(count, arrays.length)][longest];
            KEPT.put(Thread.currentThread(), arrays);
        }
        return arrays;
    }
}
