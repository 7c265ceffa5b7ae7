package dev.palimpsest.runtime.simple;

/**
 * Denoising by non-local means: each pixel becomes a mean of the pixels around it whose own surroundings look like its own.
 *
 * <pre>
 * u(p) = sum_q w(p, q) y(q) / sum_q w(p, q),   w = exp(-max(0, D(p, q) - 2 sigma^2) / h^2)
 * </pre>
 *
 * with D the mean squared difference of the patches of 5 x 5 pixels and all channels around p and q, and q up to 5 pixels away in each direction. The image is
 * mirrored at its edges; weights below exp(-5) count as 0.
 *
 * @param h the difference, beyond that of the noise, at which a pixel still counts
 * @param sigma the noise's standard deviation
 * @see <a href="https://doi.org/10.1109/CVPR.2005.38">Buades, Coll, Morel, A non-local algorithm for image denoising, CVPR 2005</a>
 */
record NonLocalMeans(double h, double sigma) implements Denoiser {
    private static final int PATCH = 5;
    private static final int DISTANCE = 5;
    private static final int MARGIN = DISTANCE + PATCH / 2;
    private static final double FARTHEST = 5;

    @Override
    public double[] denoised(double[] y, int channels, int height, int width) {
        double[][] padded = padded(y, channels, height, width);
        double[] sums = new double[y.length];
        double[] weights = new double[height * width];
        for (int down = -DISTANCE; down <= DISTANCE; down++) {
            for (int right = -DISTANCE; right <= DISTANCE; right++) {
                double[] distances = distances(padded, down, right, height, width);
                for (int p = 0; p < weights.length; p++) {
                    double distance = Math.max(0, distances[p] - 2 * sigma * sigma) / (h * h);
                    if (distance <= FARTHEST) {
                        double weight = Math.exp(-distance);
                        int q = (p / width + MARGIN + down) * (width + 2 * MARGIN) + p % width + MARGIN + right;
                        weights[p] += weight;
                        for (int c = 0; c < channels; c++) {
                            sums[c * weights.length + p] += weight * padded[c][q];
                        }
                    }
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= weights[i % weights.length];
        }
        return sums;
    }

    /** D of each pixel and the one that lies so far away. */
    private static double[] distances(double[][] padded, int down, int right, int height, int width) {
        int stride = width + 2 * MARGIN;
        int rows = height + PATCH - 1;
        int columns = width + PATCH - 1;
        double[] squares = new double[rows * columns];
        for (double[] plane : padded) {
            for (int i = 0; i < rows; i++) {
                int from = (i + DISTANCE) * stride + DISTANCE;
                for (int j = 0; j < columns; j++) {
                    double difference = plane[from + j] - plane[from + j + down * stride + right];
                    squares[i * columns + j] += difference * difference;
                }
            }
        }
        double[] across = new double[rows * width];
        double[] distances = new double[height * width];
        for (int k = 0; k < PATCH; k++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < width; j++) {
                    across[i * width + j] += squares[i * columns + j + k] / (PATCH * PATCH * padded.length);
                }
            }
        }
        for (int k = 0; k < PATCH; k++) {
            for (int p = 0; p < distances.length; p++) {
                distances[p] += across[p + k * width];
            }
        }
        return distances;
    }

    private static double[][] padded(double[] y, int channels, int height, int width) {
        int stride = width + 2 * MARGIN;
        double[][] padded = new double[channels][(height + 2 * MARGIN) * stride];
        for (int c = 0; c < channels; c++) {
            for (int at = 0; at < padded[c].length; at++) {
                int i = mirrored(at / stride - MARGIN, height);
                int j = mirrored(at % stride - MARGIN, width);
                padded[c][at] = y[(c * height + i) * width + j];
            }
        }
        return padded;
    }

    /** The edge itself is not repeated. */
    private static int mirrored(int i, int n) {
        int within = n == 1 ? 0 : Math.floorMod(i, 2 * n - 2);
        return Math.min(within, 2 * n - 2 - within);
    }
}
