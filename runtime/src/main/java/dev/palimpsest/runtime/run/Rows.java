package dev.palimpsest.runtime.run;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Selections along the first dimension. */
final class Rows {
    private static final int VALUES_AT_ONCE = 1 << 22;

    private Rows() {}

    /** The given rows, in the given order, as a new array. */
    static INDArray of(INDArray array, int[] rows) {
        long[] shape = array.shape().clone();
        int rowSize = Math.toIntExact(array.length() / shape[0]);
        int step = Math.max(1, VALUES_AT_ONCE / rowSize);
        shape[0] = rows.length;
        INDArray selected = Nd4j.createUninitialized(array.dataType(), shape, 'c');
        INDArray from = array.reshape('c', array.size(0), rowSize);
        INDArray to = selected.reshape('c', rows.length, rowSize);
        for (int first = 0; first < rows.length; first += step) {
            int end = Math.min(rows.length, first + step);
            to.get(NDArrayIndex.interval(first, end), NDArrayIndex.all())
                    .assign(Nd4j.pullRows(from, 1, Arrays.copyOfRange(rows, first, end)));
        }
        return selected;
    }
}
