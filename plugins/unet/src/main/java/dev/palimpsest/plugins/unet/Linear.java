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
    private float[][] biasGradients;
    private Matrix weights;
    private Matrix[] ins;
    private Matrix[] outs;
    private Matrix[] inGradients;
    private Matrix[] outGradients;
    private Matrix[] inColumns;
    private Matrix[] weightGradients;

    Linear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.adds = adds;
        weight = weight(in, out, start, parameters);
        bias = parameters.constant(0, out.channels);
        chunks = (in.rows() + ROWS - 1) / ROWS;
    }

    /** The weights [i, o] of a dense layer. */
    static Parameter weight(Tensor in, Tensor out, Start start, Parameters parameters) {
        return start == Start.ZERO
                ? parameters.constant(0, in.channels, out.channels)
                : parameters.uniform(in.channels, out.channels, in.channels, out.channels);
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
    public void prepare(boolean backward) {
        weights = Matrix.of(weight.value(), 0, out.channels);
        ins = chunks(in.value(), in);
        outs = chunks(out.value(), out);
        if (backward) {
            biasGradients = new float[chunks][out.channels];
            inGradients = chunks(in.gradient(), in);
            outGradients = chunks(out.gradient(), out);
            inColumns = pieces(in.value(), 1, in.channels);
            weightGradients = pieces(weight.gradient(), out.channels, out.channels);
        }
    }

    private Matrix[] chunks(Storage storage, Tensor tensor) {
        Matrix[] matrices = new Matrix[chunks];
        for (int chunk = 0; chunk < chunks; chunk++) {
            matrices[chunk] = Matrix.of(storage, (long) chunk * ROWS * tensor.channels, tensor.channels);
        }
        return matrices;
    }

    /** What begins at every 64th input, each input being so many numbers from the one before. */
    private Matrix[] pieces(Storage storage, int step, int columns) {
        Matrix[] matrices = new Matrix[(in.channels + COLUMNS - 1) / COLUMNS];
        for (int piece = 0; piece < matrices.length; piece++) {
            matrices[piece] = Matrix.of(storage, (long) piece * COLUMNS * step, columns);
        }
        return matrices;
    }

    @Override
    public void forward() {
        float[] b = bias.values();
        Kernels.parallel(chunks, chunk -> {
            int first = chunk * ROWS;
            int rows = Math.min(ROWS, in.rows() - first);
            startWithBias(b, first, rows);
            Blas.multiply(rows, out.channels, in.channels, 1, ins[chunk], weights, 1, outs[chunk]);
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
                    rows, in.channels, out.channels, 1, outGradients[chunk], weights, beta, inGradients[chunk]);
            sumColumns(first, rows, biasGradients[chunk]);
        });
        bias.sumGradient(biasGradients);
        Kernels.parallel(weightGradients.length, piece -> {
            Blas.transposedMultiply(
                    Math.min(COLUMNS, in.channels - piece * COLUMNS),
                    out.channels,
                    in.rows(),
                    1,
                    inColumns[piece],
                    outGradients[0],
                    0,
                    weightGradients[piece]);
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
}
