package dev.palimpsest.plugins.unet;

import java.util.Arrays;

/** Float arrays that each thread keeps for the kernels, by number. */
final class Scratch {
    private static final ThreadLocal<float[][]> ARRAYS = ThreadLocal.withInitial(() -> new float[8][0]);

    private Scratch() {}

    /** An array of at least this length, with whatever was left in it. */
    static float[] array(int number, int length) {
        float[][] arrays = ARRAYS.get();
        if (arrays[number].length < length) {
            arrays[number] = new float[length];
        }
        return arrays[number];
    }

    static float[] zeros(int number, int length) {
        float[] array = array(number, length);
        Arrays.fill(array, 0, length, 0);
        return array;
    }
}
