package dev.palimpsest.runtime.probe;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dsteqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsytrd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix, S = Q T Q^T with T tridiagonal and Q a product of reflections I - tau v v^T: LAPACK's
 * dsytrd finds Q and T, and its dsteqr the eigenvectors of T, to which the reflections are applied here. LAPACK's dsyev, which does all of this, has wrong
 * eigenvectors of more than 128 dimensions with ND4J's OpenBLAS and its kernels of SkylakeX, which all processors with AVX-512 use.
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
        double[] reflections = matrix.dup('c').data().asDouble();
        double[] ascending = new double[n];
        double[] beside = new double[n - 1];
        double[] tau = new double[n - 1];
        double[] columns = new double[n * n];
        require(LAPACKE_dsytrd(LAPACK_COL_MAJOR, (byte) 'L', n, reflections, n, ascending, beside, tau));
        require(LAPACKE_dsteqr(LAPACK_COL_MAJOR, (byte) 'I', n, ascending, beside, columns, n));
        double[] descending = new double[n];
        double[][] rows = new double[n][];
        IntStream.range(0, n).parallel().forEach(i -> {
            int from = (n - 1 - i) * n;
            descending[i] = ascending[n - 1 - i];
            rows[i] = new double[n];
            System.arraycopy(columns, from, rows[i], 0, n);
            reflect(rows[i], reflections, tau);
        });
        return new Symmetric(descending, rows);
    }

    /** Q x, where the k-th reflection's v is 0 up to k, 1 at k + 1, and below stands in column k of what dsytrd left. */
    private static void reflect(double[] x, double[] reflections, double[] tau) {
        int n = x.length;
        for (int k = n - 2; k >= 0; k--) {
            double along = x[k + 1];
            for (int i = k + 2; i < n; i++) {
                along += reflections[k * n + i] * x[i];
            }
            along *= tau[k];
            x[k + 1] -= along;
            for (int i = k + 2; i < n; i++) {
                x[i] -= along * reflections[k * n + i];
            }
        }
    }

    private static void require(int info) {
        if (info != 0) {
            throw new ArithmeticException(
                    "LAPACK found no eigenvalues of a symmetric matrix (info " + info + "): it is not finite");
        }
    }
}
