package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The structural similarity index against the clean images (Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment", IEEE TIP 13,
 * 2004): Gaussian windows of 11 x 11 pixels and sigma 1.5, K1 = .01, K2 = .03, L = 2 because images lie in [-1, 1].
 *
 * <p>The mean over the windows that lie wholly in the image, the channels and the items. Vectors, and images lower or narrower than 11 pixels, have no score.
 */
@Doc("structural similarity against the clean images, 1 at best; images of at least 11 x 11 pixels only")
public record Ssim() implements Pairwise {
    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double C1 = Math.pow(.01 * 2, 2);
    private static final double C2 = Math.pow(.03 * 2, 2);

    @Override
    public String name() {
        return "ssim";
    }

    @Override
    public boolean fits(INDArray clean) {
        return clean.rank() == 4 && clean.size(2) >= WINDOW && clean.size(3) >= WINDOW;
    }

    @Override
    public double value(INDArray restored, INDArray clean) {
        int channels = (int) clean.size(1);
        int height = (int) clean.size(2);
        int width = (int) clean.size(3);
        Rows x = Rows.of(restored);
        Rows y = Rows.of(clean);
        double sum = 0;
        for (int i = 0; i < x.count(); i++) {
            double[] a = x.row(i);
            double[] b = y.row(i);
            for (int channel = 0; channel < channels; channel++) {
                int from = channel * height * width;
                int to = from + height * width;
                sum += similarity(Arrays.copyOfRange(a, from, to), Arrays.copyOfRange(b, from, to), height, width);
            }
        }
        return sum / x.count() / channels;
    }

    private static double similarity(double[] a, double[] b, int height, int width) {
        double[] meanA = windows(a, height, width);
        double[] meanB = windows(b, height, width);
        double[] squareA = windows(product(a, a), height, width);
        double[] squareB = windows(product(b, b), height, width);
        double[] cross = windows(product(a, b), height, width);
        double sum = 0;
        for (int i = 0; i < meanA.length; i++) {
            double varianceA = squareA[i] - meanA[i] * meanA[i];
            double varianceB = squareB[i] - meanB[i] * meanB[i];
            double covariance = cross[i] - meanA[i] * meanB[i];
            sum += (2 * meanA[i] * meanB[i] + C1)
                    * (2 * covariance + C2)
                    / (meanA[i] * meanA[i] + meanB[i] * meanB[i] + C1)
                    / (varianceA + varianceB + C2);
        }
        return sum / meanA.length;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    /** The weighted means over all windows that lie wholly in the image. */
    private static double[] windows(double[] image, int height, int width) {
        double[] weights = weights();
        int columns = width - WINDOW + 1;
        int rows = height - WINDOW + 1;
        double[] across = new double[height * columns];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < WINDOW; k++) {
                    across[i * columns + j] += weights[k] * image[i * width + j + k];
                }
            }
        }
        double[] means = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < WINDOW; k++) {
                for (int j = 0; j < columns; j++) {
                    means[i * columns + j] += weights[k] * across[(i + k) * columns + j];
                }
            }
        }
        return means;
    }

    private static double[] weights() {
        double[] weights = new double[WINDOW];
        for (int k = 0; k < WINDOW; k++) {
            double distance = k - WINDOW / 2;
            weights[k] = Math.exp(-distance * distance / (2 * SIGMA * SIGMA));
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }
}
