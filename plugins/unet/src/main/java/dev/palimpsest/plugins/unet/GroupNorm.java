package dev.palimpsest.plugins.unet;

import java.util.Optional;

/**
 * out = act(v (1 + scale) + shift), v = gain (x - mean) / deviation + offset, with mean and deviation over the pixels and channels of a group of one
 * item (Wu and He, arXiv 1803.08494), and act SiLU or the identity. Scale and shift, if any, come from an embedding [items, 2 channels].
 */
final class GroupNorm implements Layer {
    private static final double EPSILON = 1e-5;

    private final Node in;
    private final Optional<Node> scaleShift;
    private final Node out;
    private final Weight gain;
    private final Weight offset;
    private final boolean silu;
    private final int channels;
    private final int groups;
    private final int size;
    private final int tile;
    private final float[][] slopes;
    private final float[][] intercepts;
    private final double[][] means;
    private final double[][] rates;
    private final float[][] gainSlopes;
    private final float[][] offsetSlopes;

    GroupNorm(Node in, Optional<Node> scaleShift, Node out, Weight gain, Weight offset, boolean silu) {
        this.in = in;
        this.scaleShift = scaleShift;
        this.out = out;
        this.gain = gain;
        this.offset = offset;
        this.silu = silu;
        channels = in.channels();
        groups = groups(channels);
        size = in.itemSize();
        tile = Kernels.pixelsOfTile(in.pixels(), channels) * channels;
        slopes = new float[in.items()][channels];
        intercepts = new float[in.items()][channels];
        means = new double[in.items()][groups];
        rates = new double[in.items()][groups];
        gainSlopes = new float[in.items()][channels];
        offsetSlopes = new float[in.items()][channels];
    }

    /** The largest of 32, 16, 8, 4, 2 and 1 that divides the channels. */
    static int groups(int channels) {
        return Math.min(32, Integer.lowestOneBit(channels));
    }

    @Override
    public void forward() {
        float[] g = gain.read();
        float[] o = offset.read();
        Kernels.forEach(in.items(), item -> forward(item, g, o));
    }

    private void forward(int item, float[] g, float[] o) {
        int start = item * size;
        float[] x = Scratch.array(0, tile);
        float[] sum = Scratch.zeros(1, tile);
        float[] squares = Scratch.zeros(2, tile);
        for (int at = 0; at < size; at += tile) {
            in.value().get(start + at, x, tile);
            Kernels.add(sum, x, tile);
            Kernels.addProduct(squares, x, x, tile);
        }
        double[] sums = new double[channels];
        double[] sumsOfSquares = new double[channels];
        Kernels.fold(sum, tile, sums, channels);
        Kernels.fold(squares, tile, sumsOfSquares, channels);
        normalise(item, sums, sumsOfSquares);

        float[] scale = scaleShift(item);
        int perGroup = channels / groups;
        for (int c = 0; c < channels; c++) {
            double rate = rates[item][c / perGroup] * g[c];
            double one = 1 + scale[c];
            slopes[item][c] = (float) (rate * one);
            intercepts[item][c] = (float) ((o[c] - means[item][c / perGroup] * rate) * one + scale[channels + c]);
        }
        float[] a = sum;
        float[] b = squares;
        Kernels.repeat(slopes[item], channels, a, tile);
        Kernels.repeat(intercepts[item], channels, b, tile);
        float[] u = Scratch.array(3, tile);
        float[] s = Scratch.array(4, tile);
        for (int at = 0; at < size; at += tile) {
            in.value().get(start + at, x, tile);
            Kernels.affine(u, a, x, b, tile);
            if (silu) {
                Kernels.sigmoid(s, u, tile);
                Kernels.multiply(u, s, tile);
            }
            out.value().put(start + at, u, tile);
        }
    }

    private void normalise(int item, double[] sums, double[] sumsOfSquares) {
        int perGroup = channels / groups;
        double count = (double) perGroup * in.pixels();
        for (int group = 0; group < groups; group++) {
            double sum = 0;
            double squares = 0;
            for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
                sum += sums[c];
                squares += sumsOfSquares[c];
            }
            double mean = sum / count;
            means[item][group] = mean;
            rates[item][group] = 1 / Math.sqrt(Math.max(0, squares / count - mean * mean) + EPSILON);
        }
    }

    private float[] scaleShift(int item) {
        float[] values = new float[2 * channels];
        scaleShift.ifPresent(node -> node.value().get(item * 2 * channels, values, 2 * channels));
        return values;
    }

    @Override
    public void backward() {
        float[] g = gain.read();
        float[] o = offset.read();
        Kernels.forEach(in.items(), item -> backward(item, g, o));
        gain.slope(sum(gainSlopes));
        offset.slope(sum(offsetSlopes));
    }

    private void backward(int item, float[] g, float[] o) {
        int start = item * size;
        float[] x = Scratch.array(0, tile);
        float[] a = Scratch.array(1, tile);
        float[] b = Scratch.array(2, tile);
        float[] u = Scratch.array(3, tile);
        float[] s = Scratch.array(4, tile);
        float[] d = Scratch.array(5, tile);
        float[] sum = Scratch.zeros(6, tile);
        float[] products = Scratch.zeros(7, tile);
        Kernels.repeat(slopes[item], channels, a, tile);
        Kernels.repeat(intercepts[item], channels, b, tile);
        for (int at = 0; at < size; at += tile) {
            slopeBeforeActivation(start + at, x, a, b, u, s, d);
            in.gradient().put(start + at, d, tile);
            Kernels.add(sum, d, tile);
            Kernels.addProduct(products, d, x, tile);
        }
        double[] sums = new double[channels];
        double[] withX = new double[channels];
        Kernels.fold(sum, tile, sums, channels);
        Kernels.fold(products, tile, withX, channels);
        float[] own = new float[channels];
        float[] ofX = new float[channels];
        float[] constant = new float[channels];
        coefficients(item, g, o, sums, withX, own, ofX, constant);
        Kernels.repeat(own, channels, a, tile);
        Kernels.repeat(ofX, channels, b, tile);
        float[] c = s;
        Kernels.repeat(constant, channels, c, tile);
        for (int at = 0; at < size; at += tile) {
            in.value().get(start + at, x, tile);
            in.gradient().get(start + at, d, tile);
            Kernels.combine(u, a, d, b, x, c, tile);
            in.gradient().put(start + at, u, tile);
        }
    }

    /** d = the gradient with respect to what the activation is given. */
    private void slopeBeforeActivation(int at, float[] x, float[] a, float[] b, float[] u, float[] s, float[] d) {
        in.value().get(at, x, tile);
        out.gradient().get(at, d, tile);
        if (silu) {
            Kernels.affine(u, a, x, b, tile);
            Kernels.sigmoid(s, u, tile);
            Kernels.siluSlope(d, u, s, tile);
        }
    }

    /** The gradient with respect to x is own d + ofX x + constant; and the gradients of gain, offset, scale and shift. */
    private void coefficients(
            int item, float[] g, float[] o, double[] sums, double[] withX, float[] own, float[] ofX, float[] constant) {
        int perGroup = channels / groups;
        double count = (double) perGroup * in.pixels();
        float[] scale = scaleShift(item);
        float[] scaleShiftSlope = new float[2 * channels];
        for (int group = 0; group < groups; group++) {
            double mean = means[item][group];
            double rate = rates[item][group];
            double meanSlope = 0;
            double meanProduct = 0;
            for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
                double normalised = rate * (withX[c] - mean * sums[c]);
                double one = 1 + scale[c];
                gainSlopes[item][c] = (float) (one * normalised);
                offsetSlopes[item][c] = (float) (one * sums[c]);
                scaleShiftSlope[c] = (float) (g[c] * normalised + o[c] * sums[c]);
                scaleShiftSlope[channels + c] = (float) sums[c];
                meanSlope += one * g[c] * sums[c] / count;
                meanProduct += one * g[c] * normalised / count;
            }
            for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
                own[c] = (float) (rate * g[c] * (1 + scale[c]));
                ofX[c] = (float) (-rate * rate * meanProduct);
                constant[c] = (float) (rate * (mean * rate * meanProduct - meanSlope));
            }
        }
        scaleShift.ifPresent(node -> node.gradient().put(item * 2 * channels, scaleShiftSlope, 2 * channels));
    }

    private static float[] sum(float[][] items) {
        float[] sum = new float[items[0].length];
        for (float[] item : items) {
            Kernels.add(sum, item, sum.length);
        }
        return sum;
    }
}
