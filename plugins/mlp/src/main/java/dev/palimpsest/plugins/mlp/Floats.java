package dev.palimpsest.plugins.mlp;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The memory of an array with its rows one after another, from an offset on; it keeps the array alive while its memory is used. */
final class Floats {
    private final INDArray array;
    private final int offset;
    private final FloatBuffer buffer;
    private final FloatPointer pointer;

    private Floats(INDArray array, long offset, FloatBuffer buffer) {
        this.array = array;
        this.offset = Math.toIntExact(offset);
        this.buffer = buffer;
        pointer = new FloatPointer(array.data().pointer()).position(offset);
    }

    /** The memory of an array that is no view, in 'c' order. */
    static Floats of(INDArray array) {
        return new Floats(array, 0, array.data().asNioFloat());
    }

    /** The numbers of an array in 'c' order, where they lie if that can be, else in a copy. They do not keep the array alive. */
    static FloatBuffer values(INDArray array) {
        boolean plain = array.dataType() == DataType.FLOAT
                && array.ordering() == 'c'
                && array.elementWiseStride() == 1
                && array.offset() == 0;
        return plain
                ? array.data().asNioFloat()
                : FloatBuffer.wrap(array.castTo(DataType.FLOAT).dup('c').data().asFloat());
    }

    static Floats matrix(long rows, long columns) {
        return of(Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns}, 'c'));
    }

    Floats from(long start) {
        return new Floats(array, offset + start, buffer);
    }

    INDArray array() {
        return array;
    }

    void read(int start, float[] into, int count) {
        buffer.get(offset + start, into, 0, count);
        Reference.reachabilityFence(array);
    }

    void write(int start, float[] values, int count) {
        buffer.put(offset + start, values, 0, count);
        Reference.reachabilityFence(array);
    }

    /** This [m, n] = a [m, k] b^T, with b [n, k]. */
    void productWithTransposed(Floats a, Floats b, int m, int n, int k) {
        product(CblasNoTrans, CblasTrans, a, k, b, k, new int[] {m, n, k});
    }

    /** This [m, n] = a [m, k] b, with b [k, n]. */
    void product(Floats a, Floats b, int m, int n, int k) {
        product(CblasNoTrans, CblasNoTrans, a, k, b, n, new int[] {m, n, k});
    }

    /** This [m, n] = a^T b, with a the first m columns of a matrix [k, columns], and b [k, n]. */
    void productOfTransposed(Floats a, int columns, Floats b, int m, int n, int k) {
        product(CblasTrans, CblasNoTrans, a, columns, b, n, new int[] {m, n, k});
    }

    private void product(int transA, int transB, Floats a, int lda, Floats b, int ldb, int[] mnk) {
        cblas_sgemm(
                CblasRowMajor,
                transA,
                transB,
                mnk[0],
                mnk[1],
                mnk[2],
                1,
                a.pointer,
                lda,
                b.pointer,
                ldb,
                0,
                pointer,
                mnk[1]);
        Reference.reachabilityFence(array);
        Reference.reachabilityFence(a.array);
        Reference.reachabilityFence(b.array);
    }
}
