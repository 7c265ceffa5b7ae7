package dev.palimpsest.runtime.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which items are trained on and which are held out: all are permuted by the stream ("shuffle", 0), for files may be sorted; then at most limit are
 * taken, and the last holdOut of these are held out.
 *
 * @param training the numbers of the items that are trained on
 * @param heldOut the numbers of the items that are kept for evaluation
 */
public record Split(int[] training, int[] heldOut) {
    /**
     * Splits the items 0..count-1.
     *
     * @param limit how many to take at most; 0 for all
     * @throws DataException if no item would be held out, or none be left to train on
     */
    public static Split of(int count, int limit, int holdOut, RandomStreams streams) {
        if (holdOut < 1) {
            throw new DataException("holdOut must be at least 1, got " + holdOut
                    + ": say in data.holdOut how many items to keep for showing and scoring what is restored");
        }
        int taken = limit == 0 ? count : Math.min(limit, count);
        if (holdOut >= taken) {
            throw new DataException("holdOut must be less than the number of items, got " + holdOut + " of " + taken
                    + (taken < count ? " (limit; there are " + count + ")" : "") + ", which leaves none to train on");
        }
        int[] permuted = permutation(count, streams.stream("shuffle", 0));
        return new Split(
                Arrays.copyOfRange(permuted, 0, taken - holdOut), Arrays.copyOfRange(permuted, taken - holdOut, taken));
    }

    /** A uniformly random order of 0..count-1 (Fisher and Yates). */
    static int[] permutation(int count, RandomGenerator rng) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = rng.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
