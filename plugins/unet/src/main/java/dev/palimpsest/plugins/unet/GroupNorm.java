package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Group normalisation (Wu and He, arXiv 1803.08494) with what follows it in one pass: out = f((1 + scale) (gain n(in) + bias) + shift), where
 * n has mean 0 and variance 1 in each group of channels of each image, scale and shift are the halves of a vector [N, 2 channels] if there
 * is one, and f is SiLU or nothing. The input of f is a x + b for some a and b of each image and channel.
 */
final class GroupNorm implements Layer {
    static final double EPSILON = 1e-5;
    private static final int SCRATCH = 10;

    private final Tensor in;
    private final Tensor out;
    private final Optional<Tensor> scaleShift;
    private final boolean silu;
    private final Parameter gain;
    private final Parameter bias;
    private final int groups;
    private final int tile;
    private final int scratchLength;
    private final float[] means;
    private final float[] rates;
    private float[][] gainGradients;
    private float[][] biasGradients;

    GroupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.scaleShift = scaleShift;
        this.silu = silu;
        gain = parameters.constant(1, in.channels);
        bias = parameters.constant(0, in.channels);
        groups = groups(in.channels);
        tile = Kernels.tile(in.channels, in.pixels());
        scratchLength = Math.max(tile, 2 * in.channels);
        means = new float[in.items * in.channels];
        rates = new float[in.items * in.channels];
    }

    /** The largest power of two that divides the channels, but 32 at most. */
    static int groups(int channels) {
        return Math.min(32, Integer.lowestOneBit(channels));
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>(List.of(in, out));
        scaleShift.ifPresent(tensors::add);
        return tensors;
    }

    @Override
    public void prepare(boolean backward) {
        if (backward) {
            gainGradients = new float[in.items][in.channels];
            biasGradients = new float[in.items][in.channels];
        }
    }

    @Override
    public void forward() {
        float[] gains = gain.values();
        float[] biases = bias.values();
        Kernels.parallel(in.items, image -> {
            measure(image);
            normalise(image, gains, biases);
        });
    }

    /**
     * Means and 1 / deviations of the image's groups, for each channel, in one pass: differences from the channel's first value k are summed, and
     * E (x - m)^2 = E (x - k)^2 - 2 (m - k) E (x - k) + (m - k)^2.
     */
    private void measure(int image) {
        float[][] scratch = Scratch.arrays(SCRATCH, scratchLength);
        float[] x = scratch[0];
        float[] first = scratch[1];
        float[] sum = scratch[2];
        float[] squares = scratch[3];
        FloatBuffer values = in.value().floats();
        int start = image * in.itemLength();
        int end = start + in.itemLength();
        values.get(start, first, 0, in.channels);
        Kernels.repeat(first, in.channels, tile);
        Arrays.fill(sum, 0, tile, 0);
        Arrays.fill(squares, 0, tile, 0);
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            values.get(at, x, 0, length);
            Kernels.addDifferences(x, first, sum, squares, length);
        }
        sumRows(sum);
        sumRows(squares);
        double pixels = in.pixels();
        int size = in.channels / groups;
        for (int group = 0; group < groups; group++) {
            double mean = 0;
            for (int c = group * size; c < (group + 1) * size; c++) {
                mean += (first[c] + sum[c] / pixels) / size;
            }
            double variance = 0;
            for (int c = group * size; c < (group + 1) * size; c++) {
                double shift = mean - first[c];
                variance += ((squares[c] - 2 * shift * sum[c]) / pixels + shift * shift) / size;
            }
            int at = image * in.channels + group * size;
            Arrays.fill(means, at, at + size, (float) mean);
            Arrays.fill(rates, at, at + size, (float) (1 / Math.sqrt(Math.max(0, variance) + EPSILON)));
        }
    }

    private void normalise(int image, float[] gains, float[] biases) {
        float[][] scratch = Scratch.arrays(SCRATCH, scratchLength);
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] u = scratch[2];
        float[] s = scratch[3];
        coefficients(image, gains, biases, modulation(image), a, b);
        int start = image * in.itemLength();
        int end = start + in.itemLength();
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            in.value().floats().get(at, u, 0, length);
            Kernels.affine(a, u, b, u, length);
            if (silu) {
                Kernels.sigmoid(u, s, length);
                Kernels.multiply(u, s, u, length);
            }
            out.value().floats().put(at, u, 0, length);
        }
    }

    private void coefficients(int image, float[] gains, float[] biases, float[] modulation, float[] a, float[] b) {
        int channels = in.channels;
        for (int c = 0; c < channels; c++) {
            int i = image * channels + c;
            float scale = 1 + modulation[c];
            a[c] = scale * gains[c] * rates[i];
            b[c] = scale * biases[c] + modulation[channels + c] - a[c] * means[i];
        }
        Kernels.repeat(a, channels, tile);
        Kernels.repeat(b, channels, tile);
    }

    /** Scale and shift of an image; zeros where there is none. */
    private float[] modulation(int image) {
        float[] modulation = Scratch.arrays(SCRATCH, scratchLength)[SCRATCH - 1];
        int length = 2 * in.channels;
        if (scaleShift.isPresent()) {
            scaleShift.orElseThrow().value().floats().get(image * length, modulation, 0, length);
        } else {
            Arrays.fill(modulation, 0, length, 0);
        }
        return modulation;
    }

    @Override
    public void backward() {
        boolean start = in.startGradient();
        scaleShift.ifPresent(Tensor::startGradient);
        float[] gains = gain.values();
        float[] biases = bias.values();
        Kernels.parallel(in.items, image -> {
            differentiate(image, gains, biases);
            differentiateNorm(image, gains, biases, start);
        });
        gain.sumGradient(gainGradients);
        bias.sumGradient(biasGradients);
    }

    /** Turns out's gradient into that of f's input u, in place; leaves the sums of du and of du (x - mean) of each channel in working arrays 6 and 7. */
    private void differentiate(int image, float[] gains, float[] biases) {
        float[][] scratch = Scratch.arrays(SCRATCH, scratchLength);
        float[] x = scratch[8];
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] u = scratch[2];
        float[] s = scratch[3];
        float[] gradient = scratch[4];
        float[] mean = scratch[5];
        float[] sum = scratch[6];
        float[] product = scratch[7];
        coefficients(image, gains, biases, modulation(image), a, b);
        System.arraycopy(means, image * in.channels, mean, 0, in.channels);
        Kernels.repeat(mean, in.channels, tile);
        Arrays.fill(sum, 0, tile, 0);
        Arrays.fill(product, 0, tile, 0);
        int start = image * in.itemLength();
        int end = start + in.itemLength();
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            in.value().floats().get(at, x, 0, length);
            out.gradient().floats().get(at, gradient, 0, length);
            if (silu) {
                Kernels.affine(a, x, b, u, length);
                Kernels.sigmoid(u, s, length);
                Kernels.siluGradient(u, s, gradient, length);
                out.gradient().floats().put(at, gradient, 0, length);
            }
            Kernels.addProducts(gradient, x, mean, sum, product, length);
        }
        sumRows(sum);
        sumRows(product);
    }

    /** dx = a du - rate (mean(dn) + n mean(dn n)), where dn is the gradient of the normalised values n = (x - mean) rate. */
    private void differentiateNorm(int image, float[] gains, float[] biases, boolean start) {
        float[][] scratch = Scratch.arrays(SCRATCH, scratchLength);
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] slope = scratch[2];
        float[] offset = scratch[3];
        float[] x = scratch[4];
        float[] du = scratch[5];
        float[] sums = scratch[6];
        float[] products = scratch[7];
        float[] modulationGradient = scratch[8];
        float[] modulation = modulation(image);
        int channels = in.channels;
        coefficients(image, gains, biases, modulation, a, b);
        int size = channels / groups;
        double count = (double) in.itemLength() / groups;
        for (int group = 0; group < channels; group += size) {
            double rate = rates[image * channels + group];
            double sum = 0;
            double product = 0;
            for (int c = group; c < group + size; c++) {
                double scale = 1 + modulation[c];
                double normProduct = products[c] * rate;
                gainGradients[image][c] = (float) (scale * normProduct);
                biasGradients[image][c] = (float) (scale * sums[c]);
                modulationGradient[c] = (float) (gains[c] * normProduct + biases[c] * sums[c]);
                modulationGradient[channels + c] = sums[c];
                sum += scale * gains[c] * sums[c];
                product += scale * gains[c] * normProduct;
            }
            double perX = -rate * rate * product / count;
            double mean = means[image * channels + group];
            Arrays.fill(slope, group, group + size, (float) perX);
            Arrays.fill(offset, group, group + size, (float) (-rate * sum / count - perX * mean));
        }
        if (scaleShift.isPresent()) {
            scaleShift.orElseThrow().gradient().floats().put(image * 2 * channels, modulationGradient, 0, 2 * channels);
        }
        Kernels.repeat(slope, channels, tile);
        Kernels.repeat(offset, channels, tile);
        int first = image * in.itemLength();
        int end = first + in.itemLength();
        for (int at = first; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            in.value().floats().get(at, x, 0, length);
            out.gradient().floats().get(at, du, 0, length);
            Kernels.combine(slope, x, offset, a, du, length);
            if (!start) {
                in.gradient().floats().get(at, du, 0, length);
                Kernels.add(x, du, length);
            }
            in.gradient().floats().put(at, x, 0, length);
        }
    }

    /** Leaves the sums over the rows of a tile in its first row. */
    private void sumRows(float[] rows) {
        for (int c = 0; c < in.channels; c++) {
            double sum = 0;
            for (int i = c; i < tile; i += in.channels) {
                sum += rows[i];
            }
            rows[c] = (float) sum;
        }
    }
}
