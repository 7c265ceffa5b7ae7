package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The radially averaged power spectrum of images: the mean of |X(u, v)|^2 / (height width) over items, channels and the frequencies of a ring, where X is the
 * two-dimensional discrete Fourier transform with no window (as if edges wrapped round), so that white noise of variance s^2 has the power s^2 in every ring.
 *
 * <p>Ring k = 1, 2, ..., size / 2, with size the smaller of height and width, holds the frequencies of round(size f) = k, f in cycles a pixel: the mean and
 * the corners above half a cycle a pixel are in none.
 */
final class RadialSpectrum {
    private static final int BLOCK = 32;
    private static final int IMAGE_RANK = 4;

    /** The power of float32's rounding in [-1, 1]: what is less is not told apart. */
    private static final double LEAST = Math.pow(2 * 0x1p-24, 2);

    private final int channels;
    private final int height;
    private final int width;
    private final int columns;
    private final int rings;
    private final double[][] alongWidthCosine;
    private final double[][] alongWidthSine;
    private final double[][] alongHeightCosine;
    private final double[][] alongHeightSine;

    private RadialSpectrum(int channels, int height, int width) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        columns = width / 2 + 1;
        rings = Math.min(height, width) / 2;
        alongWidthCosine = new double[width][columns];
        alongWidthSine = new double[width][columns];
        alongHeightCosine = new double[height][height];
        alongHeightSine = new double[height][height];
        fill(alongWidthCosine, alongWidthSine, width);
        fill(alongHeightCosine, alongHeightSine, height);
    }

    /** That of images [n, channels, height, width]; empty for vectors, and for images with no ring. */
    static Optional<RadialSpectrum> of(INDArray images) {
        return Optional.of(images)
                .filter(x -> x.rank() == IMAGE_RANK && x.size(2) > 1 && x.size(3) > 1)
                .map(x -> new RadialSpectrum((int) x.size(1), (int) x.size(2), (int) x.size(3)));
    }

    /** The root mean square over rings of the difference of the two samples' mean powers in decibels. */
    double distance(Halves halves) {
        Halves used = halves.atMost(Distances.most(halves.first().dimension()));
        double[] first = powers(used.first());
        double[] second = powers(used.second());
        double sum = 0;
        for (int ring = 0; ring < rings; ring++) {
            double decibels = 10 * Math.log10(Math.max(first[ring], LEAST) / Math.max(second[ring], LEAST));
            sum += decibels * decibels / rings;
        }
        return Math.sqrt(sum);
    }

    /** The mean power of each ring, from the lowest frequency to the highest. */
    double[] powers(Rows items) {
        double[][] ofBlocks = new double[Blocks.count(items.count(), BLOCK)][];
        Blocks.inParallel(items.count(), BLOCK, (block, from, to) -> {
            Rows rows = items.between(from, to);
            double[] spectrum = new double[height * columns];
            for (int i = 0; i < rows.count(); i++) {
                double[] item = rows.row(i);
                for (int channel = 0; channel < channels; channel++) {
                    add(item, channel * height * width, spectrum);
                }
            }
            ofBlocks[block] = spectrum;
        });
        double[] powers = new double[rings];
        long[] frequencies = new long[rings];
        for (int u = 0; u < height; u++) {
            for (int v = 0; v < columns; v++) {
                int ring = ring(u, v);
                if (ring >= 1 && ring <= rings) {
                    // a real image has the same power at (u, v) and (-u, -v)
                    int times = v == 0 || 2 * v == width ? 1 : 2;
                    frequencies[ring - 1] += times;
                    for (double[] spectrum : ofBlocks) {
                        powers[ring - 1] += times * spectrum[u * columns + v];
                    }
                }
            }
        }
        for (int ring = 0; ring < rings; ring++) {
            powers[ring] /= (double) frequencies[ring] * items.count() * channels * height * width;
        }
        return powers;
    }

    private int ring(int u, int v) {
        int size = Math.min(height, width);
        double f = Math.hypot((double) Math.min(u, height - u) / height, (double) v / width);
        return (int) Math.floor(size * f + 0.5);
    }

    /** Adds |X|^2 of a channel's image, of which the columns of positive frequency are enough. */
    private void add(double[] item, int from, double[] spectrum) {
        double[] real = new double[height * columns];
        double[] imaginary = new double[height * columns];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                double value = item[from + i * width + j];
                accumulate(value, alongWidthCosine[j], real, i * columns);
                accumulate(-value, alongWidthSine[j], imaginary, i * columns);
            }
        }
        double[] re = new double[columns];
        double[] im = new double[columns];
        for (int u = 0; u < height; u++) {
            Arrays.fill(re, 0);
            Arrays.fill(im, 0);
            for (int i = 0; i < height; i++) {
                double cosine = alongHeightCosine[u][i];
                double sine = alongHeightSine[u][i];
                int row = i * columns;
                for (int v = 0; v < columns; v++) {
                    re[v] += cosine * real[row + v] + sine * imaginary[row + v];
                    im[v] += cosine * imaginary[row + v] - sine * real[row + v];
                }
            }
            for (int v = 0; v < columns; v++) {
                spectrum[u * columns + v] += re[v] * re[v] + im[v] * im[v];
            }
        }
    }

    private static void accumulate(double factor, double[] from, double[] to, int start) {
        for (int k = 0; k < from.length; k++) {
            to[start + k] += factor * from[k];
        }
    }

    private static void fill(double[][] cosine, double[][] sine, int n) {
        for (int j = 0; j < cosine.length; j++) {
            for (int k = 0; k < cosine[j].length; k++) {
                double angle = 2 * Math.PI * ((long) j * k % n) / n;
                cosine[j][k] = Math.cos(angle);
                sine[j][k] = Math.sin(angle);
            }
        }
    }
}
