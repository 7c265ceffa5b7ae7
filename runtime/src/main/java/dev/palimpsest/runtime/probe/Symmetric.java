package dev.palimpsest.runtime.probe;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.eigen.Eigen;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix.
 *
 * @param values in descending order
 * @param vectors row i belongs to value i
 */
public record Symmetric(double[] values, double[][] vectors) {
    public static Symmetric of(double[][] matrix) {
        return of(Nd4j.createFromArray(matrix));
    }

    /** @param matrix of doubles, which is left as it was */
    public static Symmetric of(INDArray matrix) {
        int n = (int) matrix.size(0);
        if (n == 1) {
            return new Symmetric(new double[] {matrix.getDouble(0, 0)}, new double[][] {{1}});
        }
        INDArray vectors = Nd4j.create(DataType.DOUBLE, new long[] {n, n}, 'f').assign(matrix);
        INDArray values = Eigen.symmetricGeneralizedEigenvalues(vectors, true);
        double[] columns = vectors.dup('f').data().asDouble();
        double[] ascending = values.dup('c').data().asDouble();
        double[] descending = new double[n];
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            descending[i] = ascending[n - 1 - i];
            rows[i] = Arrays.copyOfRange(columns, (n - 1 - i) * n, (n - i) * n);
        }
        return new Symmetric(descending, rows);
    }
}
