package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Items of any shape as the rows of a matrix [n, d]; what is read from it has double precision. */
final class Rows {
    private static final int VALUES_AT_ONCE = 1 << 20;

    private final INDArray values;
    private double[] block = {};
    private int blockFrom;

    private Rows(INDArray values) {
        this.values = values;
    }

    static Rows of(INDArray items) {
        return new Rows(items.reshape('c', items.size(0), items.length() / items.size(0)));
    }

    /** A matrix as Java arrays, copied at once: ND4J's own toDoubleMatrix makes a view of every row. */
    static double[][] matrix(INDArray matrix) {
        double[] values;
        try (INDArray inOrder = matrix.dup('c')) {
            values = inOrder.data().asDouble();
        }
        double[][] rows = new double[matrix.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * matrix.columns(), (i + 1) * matrix.columns());
        }
        return rows;
    }

    /** The product a b, of which nothing stays outside of Java's heap. */
    static double[][] product(INDArray a, INDArray b) {
        try (INDArray product = a.mmul(b)) {
            return matrix(product);
        }
    }

    int count() {
        return (int) values.size(0);
    }

    int dimension() {
        return (int) values.size(1);
    }

    /** A copy of a row; rows that are read in order are copied out of the array in blocks, since a view of each would take most of the time. */
    double[] row(int i) {
        int d = dimension();
        if (i < blockFrom || (i - blockFrom + 1) * d > block.length) {
            blockFrom = i;
            block = between(i, Math.min(count(), i + Math.max(1, VALUES_AT_ONCE / d)))
                    .values
                    .dup('c')
                    .data()
                    .asDouble();
        }
        return Arrays.copyOfRange(block, (i - blockFrom) * d, (i - blockFrom + 1) * d);
    }

    /** The mean of each column. */
    double[] mean() {
        double[] mean = new double[dimension()];
        for (int i = 0; i < count(); i++) {
            double[] row = row(i);
            for (int k = 0; k < mean.length; k++) {
                mean[k] += row[k] / count();
            }
        }
        return mean;
    }

    /** Rows from (inclusive) to (exclusive). */
    Rows between(int from, int to) {
        return new Rows(values.get(NDArrayIndex.interval(from, to), NDArrayIndex.all()));
    }

    /** The first rows, at most so many. */
    Rows atMost(int limit) {
        return count() <= limit ? this : between(0, limit);
    }

    /** The rows in double precision, [n, d]: a copy. */
    INDArray doubles() {
        return Nd4j.createUninitialized(DataType.DOUBLE, values.shape(), 'c').assign(values);
    }
}
