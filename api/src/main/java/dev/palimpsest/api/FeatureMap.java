package dev.palimpsest.api;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Features phi(x) of items, by whose law samples are compared where pixels say little: the Fréchet distance and MMD on named features.
 *
 * <p>Distances are comparable only between the same features, so a map has a name and the checksum of what decides it, which stand beside every score.
 */
public interface FeatureMap {
    /**
     * The features of all items; the map cuts them into batches itself. It draws nothing: the same items give the same bits, whatever the number of threads.
     *
     * @param x items [N, ...] (images [N, channels, height, width] in [-1, 1]); must not be modified
     * @return [N, d], finite, with one d for all items of a shape
     * @throws IllegalArgumentException if it cannot take items of this shape, saying what it could
     */
    INDArray of(INDArray x);

    /** What people call these features, such as {@code fashion-classifier}. */
    String name();

    /** The SHA-256 of the weights in hexadecimal digits, or of whatever else decides the features. */
    String checksum();
}
