package dev.palimpsest.plugins.unet;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

/**
 * For each item and head: softmax(q k' / sqrt(d)) v over the pixels (Vaswani et al., arXiv 1706.03762). The input has, for each head, the d channels of
 * q, of k and of v.
 */
final class Attention implements Layer {
    private final Node in;
    private final Node out;
    private final int heads;
    private final int d;
    private final int pixels;
    private final Buffer weights;
    private final Buffer slopes;

    Attention(Node in, Node out, int heads) {
        this.in = in;
        this.out = out;
        this.heads = heads;
        d = out.channels() / heads;
        pixels = in.pixels();
        weights = Buffer.of((long) in.items() * heads * pixels * pixels);
        slopes = Buffer.of((long) pixels * pixels);
    }

    @Override
    public void forward() {
        for (int item = 0; item < in.items(); item++) {
            for (int head = 0; head < heads; head++) {
                long q = q(item, head);
                long p = p(item, head);
                multiply(CblasNoTrans, CblasTrans, pixels, pixels, d, scale(), in.value(), q, in.channels(), in.value(), q + d, in.channels(), weights, p, pixels);
                softmax((int) p);
                multiply(CblasNoTrans, CblasNoTrans, pixels, d, pixels, 1, weights, p, pixels, in.value(), q + 2 * d, in.channels(), out.value(), o(item, head), out.channels());
            }
        }
    }

    @Override
    public void backward() {
        for (int item = 0; item < in.items(); item++) {
            for (int head = 0; head < heads; head++) {
                long q = q(item, head);
                long p = p(item, head);
                long o = o(item, head);
                int width = in.channels();
                multiply(CblasTrans, CblasNoTrans, pixels, d, pixels, 1, weights, p, pixels, out.gradient(), o, out.channels(), in.gradient(), q + 2 * d, width);
                multiply(CblasNoTrans, CblasTrans, pixels, pixels, d, 1, out.gradient(), o, out.channels(), in.value(), q + 2 * d, width, slopes, 0, pixels);
                softmaxSlope((int) p);
                multiply(CblasNoTrans, CblasNoTrans, pixels, d, pixels, scale(), slopes, 0, pixels, in.value(), q + d, width, in.gradient(), q, width);
                multiply(CblasTrans, CblasNoTrans, pixels, d, pixels, scale(), slopes, 0, pixels, in.value(), q, width, in.gradient(), q + d, width);
            }
        }
    }

    private float scale() {
        return (float) (1 / Math.sqrt(d));
    }

    private long q(int item, int head) {
        return (long) item * in.itemSize() + 3L * d * head;
    }

    private long o(int item, int head) {
        return (long) item * out.itemSize() + (long) d * head;
    }

    private long p(int item, int head) {
        return ((long) item * heads + head) * pixels * pixels;
    }

    private void softmax(int at) {
        Kernels.forEach(pixels, row -> {
            float[] p = Scratch.array(0, pixels);
            weights.get(at + row * pixels, p, pixels);
            Kernels.softmax(p, pixels);
            weights.put(at + row * pixels, p, pixels);
        });
    }

    /** slopes = P (slopes - sum over the row of P slopes). */
    private void softmaxSlope(int at) {
        Kernels.forEach(pixels, row -> {
            float[] p = Scratch.array(0, pixels);
            float[] s = Scratch.array(1, pixels);
            weights.get(at + row * pixels, p, pixels);
            slopes.get(row * pixels, s, pixels);
            Kernels.softmaxSlope(s, p, pixels);
            slopes.put(row * pixels, s, pixels);
        });
    }

    private static void multiply(
            int transA, int transB, int m, int n, int k, float alpha, Buffer a, long atA, int lda, Buffer b, long atB, int ldb, Buffer c, long atC, int ldc) {
        cblas_sgemm(CblasRowMajor, transA, transB, m, n, k, alpha, a.from(atA), lda, b.from(atB), ldb, 0, c.from(atC), ldc);
    }
}
