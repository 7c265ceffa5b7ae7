package dev.palimpsest.api;

import java.util.Arrays;

/**
 * What a drift network is given.
 *
 * @param itemShape the shape of one item: [channels, height, width], or [d]
 * @param conditioningMaps channels of the conditioning maps [N, c, H, W]; 0 if there are none
 * @param conditioningSize length of the conditioning vectors [N, d]; 0 if there are none
 */
public record DriftSignature(long[] itemShape, int conditioningMaps, int conditioningSize) {
    public DriftSignature {
        itemShape = itemShape.clone();
        if (itemShape.length == 0 || Arrays.stream(itemShape).anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    "an item's shape must have positive sizes, got " + Arrays.toString(itemShape));
        }
        if (conditioningMaps < 0 || conditioningSize < 0) {
            throw new IllegalArgumentException("sizes of conditioning must not be negative, got " + conditioningMaps
                    + " maps and a vector of " + conditioningSize);
        }
    }

    @Override
    public long[] itemShape() {
        return itemShape.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DriftSignature that
                && Arrays.equals(itemShape, that.itemShape)
                && conditioningMaps == that.conditioningMaps
                && conditioningSize == that.conditioningSize;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(itemShape) + conditioningMaps) + conditioningSize;
    }

    @Override
    public String toString() {
        return "DriftSignature[itemShape=" + Arrays.toString(itemShape) + ", conditioningMaps=" + conditioningMaps
                + ", conditioningSize=" + conditioningSize + "]";
    }
}
