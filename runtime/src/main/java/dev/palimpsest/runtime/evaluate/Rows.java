package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Items of any shape as the rows of a matrix [n, d]; what is read from it has double precision. */
final class Rows {
    private final INDArray values;

    private Rows(INDArray values) {
        this.values = values;
    }

    static Rows of(INDArray items) {
        return new Rows(items.reshape('c', items.size(0), items.length() / items.size(0)));
    }

    /** A matrix as Java arrays, copied at once: ND4J's own toDoubleMatrix makes a view of every row. */
    static double[][] matrix(INDArray matrix) {
        double[] values = matrix.dup('c').data().asDouble();
        double[][] rows = new double[matrix.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * matrix.columns(), (i + 1) * matrix.columns());
        }
        return rows;
    }

    int count() {
        return (int) values.size(0);
    }

    int dimension() {
        return (int) values.size(1);
    }

    double[] row(int i) {
        return values.getRow(i).dup().data().asDouble();
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
        return values.dup('c').castTo(DataType.DOUBLE);
    }
}
