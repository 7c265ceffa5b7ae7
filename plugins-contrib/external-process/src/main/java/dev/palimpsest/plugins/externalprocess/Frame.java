package dev.palimpsest.plugins.externalprocess;

import java.util.Arrays;

/**
 * Some items of a batch.
 *
 * @param values of all items of the batch
 * @param from the index of the first value of the frame
 * @param count of the values of the frame
 * @param shape of the frame, [n, ...]
 * @param seed from 0 to 2^63 - 1
 */
record Frame(float[] values, int from, int count, long[] shape, long seed) {
    /** Throws IllegalArgumentException if it does not fit into one message. */
    Frame {
        if (count > NpyArray.MOST) {
            throw new IllegalArgumentException("external-process: a frame of shape " + Arrays.toString(shape)
                    + " has more than 2 GiB: use a smaller batch");
        }
    }
}
