package dev.palimpsest.runtime.run;

import java.util.Arrays;

/**
 * The shapes of the observations that a run restores.
 *
 * @param item that of the items that it was trained on
 * @param larger whether these are windows of images, so that images are restored that have more rows or columns
 */
public record Sizes(long[] item, boolean larger) {
    public Sizes {
        item = item.clone();
    }

    @Override
    public long[] item() {
        return item.clone();
    }

    /** Whether observations of this shape can be restored. */
    public boolean take(long[] shape) {
        return Arrays.equals(shape, item)
                || (larger
                        && shape.length == item.length
                        && shape[0] == item[0]
                        && shape[1] >= item[1]
                        && shape[2] >= item[2]);
    }
}
