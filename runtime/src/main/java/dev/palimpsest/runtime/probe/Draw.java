package dev.palimpsest.runtime.probe;

import java.util.Arrays;

/**
 * One draw of F, called three times with the same randomness.
 *
 * @param plain F(x), item by item
 * @param moved F of x with some coordinates shifted
 * @param opposite F of x with the same coordinates shifted the other way
 * @param shifted which
 * @param conditioning of the plain call; empty if there is none
 * @param items how many
 */
record Draw(float[] plain, float[] moved, float[] opposite, boolean[] shifted, float[] conditioning, int items) {
    /** Whether every item here has the conditioning of the other draw's first. */
    boolean hasConditioning(Draw other) {
        return sameInAll(conditioning, Arrays.copyOf(other.conditioning, other.conditioning.length / other.items));
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
