package dev.palimpsest.plugins.mlp;

/** Working arrays of the current thread; what they hold lasts only until the next call of {@link #arrays}. */
final class Scratch {
    private static final ThreadLocal<float[][]> KEPT = ThreadLocal.withInitial(() -> new float[3][0]);

    private Scratch() {}

    /** Three arrays of at least this length, holding anything. */
    static float[][] arrays(int length) {
        float[][] arrays = KEPT.get();
        if (arrays[0].length < length) {
            arrays = new float[arrays.length][length];
            KEPT.set(arrays);
        }
        return arrays;
    }
}
