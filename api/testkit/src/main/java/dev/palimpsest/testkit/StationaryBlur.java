package dev.palimpsest.testkit;

/**
 * A symmetric blur with periodic edges, plus noise, of a stationary Gaussian field on a ring of n points: every frequency is a {@link ScalarChannel}
 * whose gain is the kernel's transfer h(f) = k_0 + 2 sum_j k_j cos(2 pi f j / n) (method, section 2); its rate is 1 / (1 + SNR), SNR = h^2 P /
 * noise^2.
 *
 * <p>Derivation: circulant symmetric matrices have the eigenvectors cos and sin of each frequency in common, so that all matrices of {@link
 * LinearChannel} are diagonal in them.
 *
 * @param kernel k_0, k_1, ...: the weights of a point and of its neighbours at either side
 * @param correlation c_0, c_1, ...: the covariance of points so far apart, in the same way
 * @param points n
 * @param noise standard deviation of the noise
 */
public record StationaryBlur(double[] kernel, double[] correlation, int points, double noise) {
    /** A, [n][n]. */
    public LinearChannel channel() {
        return LinearChannel.isotropic(circulant(kernel), noise);
    }

    /** S, [n][n]. */
    public double[][] covariance() {
        return circulant(correlation);
    }

    /** The channel of the cosine of a frequency from 0 to n/2, for a prior whose mean has this amplitude along it. */
    public ScalarChannel frequency(int f, double mean) {
        return new ScalarChannel(transfer(kernel, f), mean, Math.sqrt(transfer(correlation, f)), noise);
    }

    /** The unit vector cos(2 pi f i / n), [n]. */
    public double[] mode(int f) {
        double[] mode = new double[points];
        double norm = 0;
        for (int i = 0; i < points; i++) {
            mode[i] = Math.cos(2 * Math.PI * f * i / points);
            norm += mode[i] * mode[i];
        }
        for (int i = 0; i < points; i++) {
            mode[i] /= Math.sqrt(norm);
        }
        return mode;
    }

    private double transfer(double[] taps, int f) {
        double sum = taps[0];
        for (int j = 1; j < taps.length; j++) {
            sum += 2 * taps[j] * Math.cos(2 * Math.PI * f * j / points);
        }
        return sum;
    }

    private double[][] circulant(double[] taps) {
        double[][] matrix = new double[points][points];
        for (int i = 0; i < points; i++) {
            matrix[i][i] = taps[0];
            for (int j = 1; j < taps.length; j++) {
                matrix[i][(i + j) % points] += taps[j];
                matrix[i][(i - j + points) % points] += taps[j];
            }
        }
        return matrix;
    }
}
