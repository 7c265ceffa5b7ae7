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
    private static final double EPSILON = 1e-5;

    private final Tensor in;
    private final Tensor out;
    private final Optional<Tensor> scaleShift;
    private final boolean silu;
    private final Parameter gain;
    private final Parameter bias;
    private final int groups;
    private final float[] means;
    private final float[] rates;
    private final float[][] gainGradients;
    private final float[][] biasGradients;

    GroupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.scaleShift = scaleShift;
        this.silu = silu;
        gain = parameters.constant(1, in.channels);
        bias = parameters.constant(0, in.channels);
        groups = Math.min(32, Integer.lowestOneBit(in.channels));
        means = new float[in.items * in.channels];
        rates = new float[in.items * in.channels];
        gainGradients = new float[in.items][in.channels];
        biasGradients = new float[in.items][in.channels];
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>(List.of(in, out));
        scaleShift.ifPresent(tensors::add);
        return tensors;
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

    /** Means and 1 / deviations of the image's groups, for each channel. */
    private void measure(int image) {
        int tile = Kernels.tile(in.channels);
        float[][] scratch = Scratch.arrays(3, tile);
        float[] x = scratch[0];
        float[] sum = scratch[1];
        float[] mean = scratch[2];
        FloatBuffer values = in.value().floats();
        int start = image * in.itemLength();
        int end = start + in.itemLength();

        Arrays.fill(sum, 0, tile, 0);
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            values.get(at, x, 0, length);
            Kernels.add(sum, x, length);
        }
        double[] averages = groupAverages(sum, tile);
        for (int c = 0; c < in.channels; c++) {
            mean[c] = (float) averages[group(c)];
        }
        System.arraycopy(mean, 0, means, image * in.channels, in.channels);
        Kernels.repeat(mean, in.channels, tile);

        Arrays.fill(sum, 0, tile, 0);
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            values.get(at, x, 0, length);
            Kernels.subtract(x, mean, x, length);
            Kernels.addProduct(sum, x, x, length);
        }
        double[] variances = groupAverages(sum, tile);
        for (int c = 0; c < in.channels; c++) {
            rates[image * in.channels + c] = (float) (1 / Math.sqrt(variances[group(c)] + EPSILON));
        }
    }

    private void normalise(int image, float[] gains, float[] biases) {
        int tile = Kernels.tile(in.channels);
        float[][] scratch = Scratch.arrays(4, tile);
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] u = scratch[2];
        float[] s = scratch[3];
        coefficients(image, gains, biases, a, b);
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

    private void coefficients(int image, float[] gains, float[] biases, float[] a, float[] b) {
        float[] modulation = modulation(image);
        int channels = in.channels;
        for (int c = 0; c < channels; c++) {
            int i = image * channels + c;
            float scale = 1 + modulation[c];
            a[c] = scale * gains[c] * rates[i];
            b[c] = scale * biases[c] + modulation[channels + c] - a[c] * means[i];
        }
        Kernels.repeat(a, channels, Kernels.tile(channels));
        Kernels.repeat(b, channels, Kernels.tile(channels));
    }

    /** Scale and shift of an image; zeros where there is none. */
    private float[] modulation(int image) {
        float[] modulation = new float[2 * in.channels];
        scaleShift.ifPresent(vector -> vector.value().floats().get(image * modulation.length, modulation));
        return modulation;
    }

    @Override
    public void backward() {
        boolean start = in.startGradient();
        scaleShift.ifPresent(Tensor::startGradient);
        float[] gains = gain.values();
        float[] biases = bias.values();
        Kernels.parallel(in.items, image -> {
            double[][] sums = differentiate(image, gains, biases);
            differentiateNorm(image, gains, biases, sums[0], sums[1], start);
        });
        gain.gradient().floats().put(0, total(gainGradients));
        bias.gradient().floats().put(0, total(biasGradients));
    }

    /** Turns out's gradient into that of f's input u, in place; returns the sums of du and of du (x - mean) for each channel. */
    private double[][] differentiate(int image, float[] gains, float[] biases) {
        int tile = Kernels.tile(in.channels);
        float[][] scratch = Scratch.arrays(8, tile);
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] u = scratch[2];
        float[] s = scratch[3];
        float[] gradient = scratch[4];
        float[] mean = scratch[5];
        float[] sum = scratch[6];
        float[] product = scratch[7];
        coefficients(image, gains, biases, a, b);
        System.arraycopy(means, image * in.channels, mean, 0, in.channels);
        Kernels.repeat(mean, in.channels, tile);
        Arrays.fill(sum, 0, tile, 0);
        Arrays.fill(product, 0, tile, 0);
        int start = image * in.itemLength();
        int end = start + in.itemLength();
        for (int at = start; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            in.value().floats().get(at, u, 0, length);
            out.gradient().floats().get(at, gradient, 0, length);
            if (silu) {
                float[] x = u;
                Kernels.affine(a, x, b, u, length);
                Kernels.sigmoid(u, s, length);
                Kernels.siluGradient(u, s, gradient, length);
                out.gradient().floats().put(at, gradient, 0, length);
                in.value().floats().get(at, u, 0, length);
            }
            Kernels.subtract(u, mean, u, length);
            Kernels.add(sum, gradient, length);
            Kernels.addProduct(product, gradient, u, length);
        }
        return new double[][] {channelSums(sum, tile), channelSums(product, tile)};
    }

    private void differentiateNorm(
            int image, float[] gains, float[] biases, double[] sums, double[] products, boolean start) {
        int channels = in.channels;
        int tile = Kernels.tile(channels);
        float[] modulation = modulation(image);
        float[] modulationGradient = new float[2 * channels];
        double[] normSums = new double[groups];
        double[] normProducts = new double[groups];
        for (int c = 0; c < channels; c++) {
            double scale = 1 + modulation[c];
            double normProduct = products[c] * rates[image * channels + c];
            gainGradients[image][c] = (float) (scale * normProduct);
            biasGradients[image][c] = (float) (scale * sums[c]);
            modulationGradient[c] = (float) (gains[c] * normProduct + biases[c] * sums[c]);
            modulationGradient[channels + c] = (float) sums[c];
            normSums[group(c)] += scale * gains[c] * sums[c];
            normProducts[group(c)] += scale * gains[c] * normProduct;
        }
        scaleShift.ifPresent(
                vector -> vector.gradient().floats().put(image * modulationGradient.length, modulationGradient));

        // dx = a du - rate (mean(dn) + n mean(dn n)), where dn is the gradient of the normalised values n = (x - mean)
        // rate
        float[][] scratch = Scratch.arrays(6, tile);
        float[] a = scratch[0];
        float[] b = scratch[1];
        float[] slope = scratch[2];
        float[] offset = scratch[3];
        float[] x = scratch[4];
        float[] du = scratch[5];
        coefficients(image, gains, biases, a, b);
        double count = (double) in.itemLength() / groups;
        for (int c = 0; c < channels; c++) {
            double rate = rates[image * channels + c];
            double perX = -rate * rate * normProducts[group(c)] / count;
            slope[c] = (float) perX;
            offset[c] = (float) (-rate * normSums[group(c)] / count - perX * means[image * channels + c]);
        }
        Kernels.repeat(slope, channels, tile);
        Kernels.repeat(offset, channels, tile);
        int first = image * in.itemLength();
        int end = first + in.itemLength();
        for (int at = first; at < end; at += tile) {
            int length = Math.min(tile, end - at);
            in.value().floats().get(at, x, 0, length);
            out.gradient().floats().get(at, du, 0, length);
            Kernels.affine(slope, x, offset, x, length);
            Kernels.addProduct(x, a, du, length);
            if (!start) {
                in.gradient().floats().get(at, du, 0, length);
                Kernels.add(x, du, length);
            }
            in.gradient().floats().put(at, x, 0, length);
        }
    }

    private int group(int channel) {
        return channel / (in.channels / groups);
    }

    private double[] groupAverages(float[] sums, int tile) {
        double[] averages = new double[groups];
        double[] ofChannels = channelSums(sums, tile);
        for (int c = 0; c < in.channels; c++) {
            averages[group(c)] += ofChannels[c] * groups / in.itemLength();
        }
        return averages;
    }

    private double[] channelSums(float[] sums, int tile) {
        double[] ofChannels = new double[in.channels];
        for (int row = 0; row < tile; row += in.channels) {
            for (int c = 0; c < in.channels; c++) {
                ofChannels[c] += sums[row + c];
            }
        }
        return ofChannels;
    }

    private static float[] total(float[][] ofImages) {
        float[] total = new float[ofImages[0].length];
        for (float[] ofImage : ofImages) {
            Kernels.add(total, ofImage, total.length);
        }
        return total;
    }
}
