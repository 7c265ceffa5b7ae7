package dev.palimpsest.plugins.unet;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Row-major matrix products C = scale op(A) op(B) + beta C on raw memory; leading dimensions let A, B and C be columns of wider matrices. */
final class Blas {
    private Blas() {}

    /** C [m, n] = scale A [m, k] B [k, n] + beta C. */
    static void multiply(int m, int n, int k, float scale, Matrix a, Matrix b, float beta, Matrix c) {
        gemm(openblas_nolapack.CblasNoTrans, openblas_nolapack.CblasNoTrans, m, n, k, scale, a, b, beta, c);
    }

    /** C [m, n] = scale A [m, k] B^T + beta C, with B [n, k]. */
    static void multiplyTransposed(int m, int n, int k, float scale, Matrix a, Matrix b, float beta, Matrix c) {
        gemm(openblas_nolapack.CblasNoTrans, openblas_nolapack.CblasTrans, m, n, k, scale, a, b, beta, c);
    }

    /** C [m, n] = scale A^T B [k, n] + beta C, with A [k, m]. */
    static void transposedMultiply(int m, int n, int k, float scale, Matrix a, Matrix b, float beta, Matrix c) {
        gemm(openblas_nolapack.CblasTrans, openblas_nolapack.CblasNoTrans, m, n, k, scale, a, b, beta, c);
    }

    /** From now on a product runs in one thread: the callers of these products are threads themselves, and a sum split by threads depends on them. */
    static void inOneThread() {
        if (openblas_nolapack.blas_get_num_threads() != 1) {
            openblas_nolapack.blas_set_num_threads(1); // takes milliseconds
        }
    }

    private static void gemm(
            int transA, int transB, int m, int n, int k, float scale, Matrix a, Matrix b, float beta, Matrix c) {
        openblas_nolapack.cblas_sgemm(
                openblas_nolapack.CblasRowMajor,
                transA,
                transB,
                m,
                n,
                k,
                scale,
                a.at(),
                a.columns(),
                b.at(),
                b.columns(),
                beta,
                c.at(),
                c.columns());
    }

    /** Where a matrix starts, and how many columns a row of the memory has. */
    record Matrix(FloatPointer at, int columns) {
        static Matrix of(Storage storage, long offset, int columns) {
            return new Matrix(storage.pointer().getPointer(offset), columns);
        }
    }
}
