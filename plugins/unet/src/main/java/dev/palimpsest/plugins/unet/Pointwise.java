package dev.palimpsest.plugins.unet;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.util.Arrays;

/** out = in W + bias for every pixel: a 1x1 convolution, or a dense layer where items have one pixel. W is [channels in, channels out]. */
final class Pointwise implements Layer {
    private final Node in;
    private final Node out;
    private final Weight kernel;
    private final Weight bias;
    private final int rows;
    private final int tile;

    Pointwise(Node in, Node out, Weight kernel, Weight bias) {
        this.in = in;
        this.out = out;
        this.kernel = kernel;
        this.bias = bias;
        rows = in.items() * in.pixels();
        tile = Kernels.pixelsOfTile(rows, out.channels()) * out.channels();
    }

    @Override
    public void forward() {
        float[] start = new float[tile];
        Kernels.repeat(bias.read(), out.channels(), start, tile);
        for (int at = 0; at < rows * out.channels(); at += tile) {
            out.value().put(at, start, tile);
        }
        int i = in.channels();
        int o = out.channels();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, o, i, 1, in.value().pointer(), i, kernel.valuePointer(), o, 1, out.value().pointer(), o);
    }

    @Override
    public void backward() {
        int i = in.channels();
        int o = out.channels();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, i, o, 1, out.gradient().pointer(), o, kernel.valuePointer(), o, 0, in.gradient().pointer(), i);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, i, o, rows, 1, in.value().pointer(), i, out.gradient().pointer(), o, 0, kernel.gradientPointer(), o);
        float[] sum = new float[tile];
        float[] part = new float[tile];
        for (int at = 0; at < rows * o; at += tile) {
            out.gradient().get(at, part, tile);
            Kernels.add(sum, part, tile);
        }
        double[] channels = new double[o];
        Kernels.fold(sum, tile, channels, o);
        bias.slope(floats(channels));
    }

    static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Override
    public String toString() {
        return "Pointwise" + Arrays.toString(kernel.shape());
    }
}
