package dev.palimpsest.plugins.unet;

import dev.palimpsest.plugins.unet.Blas.Matrix;
import java.util.Arrays;
import java.util.List;

/**
 * out = in W + b on every pixel or vector, with W [i, o]: a dense layer, or a 1x1 convolution. An adding layer adds its result to what
 * another layer has already written to out.
 */
final class Linear implements Layer {
    private static final int ROWS = 512;
    private static final int COLUMNS = 64;

    private final Tensor in;
    private final Tensor out;
    private final boolean adds;
    private final Parameter weight;
    private final Parameter bias;
    private final int chunks;
    private final float[][] biasGradients;

    Linear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.adds = adds;
        weight = start == Start.ZERO
                ? parameters.constant(0, in.channels, out.channels)
                : parameters.uniform(in.channels, out.channels, in.channels, out.channels);
        bias = parameters.constant(0, out.channels);
        chunks = (in.rows() + ROWS - 1) / ROWS;
        biasGradients = new float[chunks][out.channels];
    }

    /** How the weights start. */
    enum Start {
        ZERO,
        RANDOM
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        float[] b = bias.values();
        Kernels.parallel(chunks, chunk -> {
            int first = chunk * ROWS;
            int rows = Math.min(ROWS, in.rows() - first);
            startWithBias(b, first, rows);
            Blas.multiply(
                    rows,
                    out.channels,
                    in.channels,
                    1,
                    rows(in.value(), in, first),
                    weight(weight.value(), 0),
                    1,
                    rows(out.value(), out, first));
        });
    }

    private void startWithBias(float[] b, int first, int rows) {
        int tile = Kernels.tile(out.channels, ROWS);
        float[][] scratch = Scratch.arrays(2, tile);
        float[] repeated = scratch[0];
        float[] sum = scratch[1];
        System.arraycopy(b, 0, repeated, 0, b.length);
        Kernels.repeat(repeated, b.length, tile);
        int end = (first + rows) * out.channels;
        for (int at = first * out.channels; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            if (adds) {
                out.value().floats().get(at, sum, 0, length);
                Kernels.add(sum, repeated, length);
                out.value().floats().put(at, sum, 0, length);
            } else {
                out.value().floats().put(at, repeated, 0, length);
            }
        }
    }

    @Override
    public void backward() {
        float beta = in.startGradient() ? 0 : 1;
        Kernels.parallel(chunks, chunk -> {
            int first = chunk * ROWS;
            int rows = Math.min(ROWS, in.rows() - first);
            Blas.multiplyTransposed(
                    rows,
                    in.channels,
                    out.channels,
                    1,
                    rows(out.gradient(), out, first),
                    weight(weight.value(), 0),
                    beta,
                    rows(in.gradient(), in, first));
            sumColumns(first, rows, biasGradients[chunk]);
        });
        float[] sum = biasGradients[0];
        for (int chunk = 1; chunk < chunks; chunk++) {
            Kernels.add(sum, biasGradients[chunk], sum.length);
        }
        bias.gradient().floats().put(0, sum);
        Kernels.parallel((in.channels + COLUMNS - 1) / COLUMNS, piece -> {
            int first = piece * COLUMNS;
            Blas.transposedMultiply(
                    Math.min(COLUMNS, in.channels - first),
                    out.channels,
                    in.rows(),
                    1,
                    Matrix.of(in.value(), first, in.channels),
                    rows(out.gradient(), out, 0),
                    0,
                    weight(weight.gradient(), first));
        });
    }

    private void sumColumns(int first, int rows, float[] sums) {
        int tile = Kernels.tile(out.channels, ROWS);
        float[][] scratch = Scratch.arrays(2, tile);
        float[] sum = scratch[0];
        float[] x = scratch[1];
        Arrays.fill(sum, 0, tile, 0);
        int end = (first + rows) * out.channels;
        for (int at = first * out.channels; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            out.gradient().floats().get(at, x, 0, length);
            Kernels.add(sum, x, length);
        }
        for (int c = 0; c < sums.length; c++) {
            double total = 0;
            for (int i = c; i < tile; i += sums.length) {
                total += sum[i];
            }
            sums[c] = (float) total;
        }
    }

    private static Matrix rows(Storage storage, Tensor tensor, int first) {
        return Matrix.of(storage, (long) first * tensor.channels, tensor.channels);
    }

    private Matrix weight(Storage storage, int firstInput) {
        return Matrix.of(storage, (long) firstInput * out.channels, out.channels);
    }
}
