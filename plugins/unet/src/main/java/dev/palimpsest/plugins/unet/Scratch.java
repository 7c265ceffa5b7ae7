package dev.palimpsest.plugins.unet;

/** Working arrays of the current thread; what they hold lasts only until the next call of {@link #arrays}. */
final class Scratch {
    private static final ThreadLocal<float[][]> KEPT = ThreadLocal.withInitial(() -> new float[0][]);

    private Scratch() {}

    /** At least this many arrays of at least this length, holding anything. */
    static float[][] arrays(int count, int length) {
        float[][] arrays = KEPT.get();
        if (arrays.length < count || arrays[0].length < length) {
            int longest = arrays.length == 0 ? length : Math.max(length, arrays[0].length);
            arrays = new float[Math.max(count, arrays.length)][longest];
            KEPT.set(arrays);
        }
        return arrays;
    }
}
