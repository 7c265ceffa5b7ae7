package dev.palimpsest.runtime.data;

import java.util.Arrays;

/** Which conditioning fits which observations. */
final class Conditioning {
    private Conditioning() {}

    /**
     * Compares numbers and shapes of items.
     *
     * @throws DataException if the conditioning is neither a vector for each item nor maps of each image's size
     */
    static void check(String where, long count, long[] y, long conditioningCount, long[] conditioning) {
        boolean vectors = conditioning.length == 1;
        boolean images = y.length == 3;
        boolean maps = conditioning.length == 3 && images && Arrays.equals(conditioning, 1, 3, y, 1, 3);
        if ((!vectors && !maps) || conditioningCount != count) {
            throw new DataException(where + ": expected, for observations " + Arrays.toString(Shapes.batch(count, y))
                    + ", vectors [" + count + ", d]"
                    + (images ? " or maps [" + count + ", c, " + y[1] + ", " + y[2] + "]" : "") + ", got "
                    + Arrays.toString(Shapes.batch(conditioningCount, conditioning)));
        }
    }
}
