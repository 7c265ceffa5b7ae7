package dev.palimpsest.runtime.run;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Selections along the first dimension. */
final class Rows {
    private Rows() {}

    /** The given rows, in the given order, as a new array. */
    static INDArray of(INDArray array, int[] rows) {
        long[] shape = array.shape().clone();
        shape[0] = rows.length;
        INDArray selected = Nd4j.createUninitialized(array.dataType(), shape, 'c');
        for (int i = 0; i < rows.length; i++) {
            selected.slice(i).assign(array.slice(rows[i]));
        }
        return selected;
    }

    /** Rows from (inclusive) to (exclusive), as a new array. */
    static INDArray between(INDArray array, long from, long to) {
        return array.get(NDArrayIndex.interval(from, to)).dup('c');
    }
}
