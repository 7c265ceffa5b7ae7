package dev.palimpsest.plugins.gaussianblur;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = k * x + noise xi: every channel of an image is convolved with a Gaussian, and standard normal noise xi is added.
 *
 * <p>The kernel is k(i, j) = g(i) g(j) with g(m) proportional to exp(-m^2 / 2 sigma^2) for |m| up to ceil(3 sigma), of sum 1. Edges reflect
 * (d c b a | a b c d | d c b a, as often as a small image needs), so that the cosines of the DCT-II are its eigenvectors. Items are images [N, c, H, W]; there
 * is no conditioning. Source: arXiv 2512.10857, whose setting for CIFAR-10 is the default.
 *
 * @param sigma standard deviation of the Gaussian in pixels
 * @param noise standard deviation of the noise
 */
@Doc("Blurs images with a Gaussian, with reflecting edges, and adds noise.")
public record GaussianBlur(
        @Doc("Standard deviation of the Gaussian in pixels.") @Range(min = .01, max = 1000)
        double sigma,

        @Doc("Standard deviation of the noise.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    public GaussianBlur() {
        this(1, .1);
    }

    public GaussianBlur {
        Ranges.check(GaussianBlur.class, sigma, noise);
    }

    /** Throws IllegalArgumentException if items of this shape are not images. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3) {
            throw new IllegalArgumentException(
                    "gaussian-blur needs images [channels, height, width], got items of shape "
                            + Arrays.toString(itemShape));
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not images. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] weights = weights();
        float[] pixels = x.dup('c').data().asFloat();
        for (int plane = 0; plane < pixels.length; plane += height * width) {
            float[] image = Arrays.copyOfRange(pixels, plane, plane + height * width);
            float[] blurred = alongColumns(alongColumns(image, height, width, weights), width, height, weights);
            System.arraycopy(blurred, 0, pixels, plane, blurred.length);
        }
        INDArray y = Samples.gaussian(rng, x.shape()).muli(noise);
        return Observations.of(y.addi(Nd4j.createFromArray(pixels).reshape('c', x.shape())));
    }

    /** g(0), g(1), ..., g(ceil(3 sigma)). */
    private float[] weights() {
        double[] g = new double[(int) Math.ceil(3 * sigma) + 1];
        double sum = 0;
        for (int m = 0; m < g.length; m++) {
            g[m] = Math.exp(-.5 * m * m / (sigma * sigma));
            sum += m == 0 ? 1 : 2 * g[m];
        }
        float[] weights = new float[g.length];
        for (int m = 0; m < g.length; m++) {
            weights[m] = (float) (g[m] / sum);
        }
        return weights;
    }

    /** Convolves along the columns of an image and transposes it: doing so twice is the blur. */
    private static float[] alongColumns(float[] image, int height, int width, float[] weights) {
        float[] transposed = new float[image.length];
        float[] sum = new float[width];
        for (int row = 0; row < height; row++) {
            Arrays.fill(sum, 0);
            for (int m = 1 - weights.length; m < weights.length; m++) {
                int from = reflected(row + m, height) * width;
                float weight = weights[Math.abs(m)];
                for (int column = 0; column < width; column++) {
                    sum[column] += weight * image[from + column];
                }
            }
            for (int column = 0; column < width; column++) {
                transposed[column * height + row] = sum[column];
            }
        }
        return transposed;
    }

    /** The index within [0, size) that mirrors at -1/2 and size - 1/2 put at this place. */
    private static int reflected(int index, int size) {
        int period = Math.floorMod(index, 2 * size);
        return Math.min(period, 2 * size - 1 - period);
    }
}
