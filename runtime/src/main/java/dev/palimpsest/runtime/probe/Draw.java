package dev.palimpsest.runtime.probe;

import java.util.Arrays;
import java.util.List;

/**
 * One draw of F, called twice with the same randomness.
 *
 * @param plain F(x), item by item
 * @param moved F of x with some coordinates shifted
 * @param shifted which
 * @param conditioning of the plain call; empty if there is none
 * @param items how many
 */
record Draw(float[] plain, float[] moved, boolean[] shifted, float[] conditioning, int items) {
    /** Whether every item of every draw has one and the same conditioning. */
    static boolean sameInAll(List<Draw> draws) {
        float[] first = draws.get(0).conditioning;
        int size = first.length / draws.get(0).items;
        return draws.stream().allMatch(draw -> sameInAll(draw.conditioning, Arrays.copyOf(first, size)));
    }

    static boolean sameInAll(float[] conditioning, float[] expected) {
        for (int from = 0; from < conditioning.length; from += expected.length) {
            if (!Arrays.equals(conditioning, from, from + expected.length, expected, 0, expected.length)) {
                return false;
            }
        }
        return true;
    }
}
