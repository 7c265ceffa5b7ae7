package dev.palimpsest.runtime.data;

import java.util.Arrays;

/** Shapes of batches and of their items. */
public final class Shapes {
    private Shapes() {}

    /** [n, ...] without n. */
    public static long[] item(long[] batch) {
        return Arrays.copyOfRange(batch, 1, batch.length);
    }

    /** n items of this shape. */
    public static long[] batch(long n, long[] item) {
        long[] batch = new long[item.length + 1];
        batch[0] = n;
        System.arraycopy(item, 0, batch, 1, item.length);
        return batch;
    }
}
