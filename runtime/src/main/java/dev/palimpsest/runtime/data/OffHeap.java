package dev.palimpsest.runtime.data;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The memory of arrays, which lies outside of Java's heap and is else freed only when Java collects the small objects that stand for it. */
public final class OffHeap {
    private OffHeap() {}

    /** Frees an array that nothing uses any more; one that is part of another, or freed already, is left alone. */
    public static void free(INDArray array) {
        if (array.closeable()) {
            array.close();
        }
    }
}
