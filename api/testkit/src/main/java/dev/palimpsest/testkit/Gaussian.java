package dev.palimpsest.testkit;

/**
 * The normal law N(mean, covariance) in d dimensions.
 *
 * @param mean [d]
 * @param covariance [d][d]
 */
public record Gaussian(double[] mean, double[][] covariance) {
    public static Gaussian scalar(double mean, double deviation) {
        return new Gaussian(new double[] {mean}, new double[][] {{deviation * deviation}});
    }

    public static Gaussian centred(double[][] covariance) {
        return new Gaussian(new double[covariance.length], covariance);
    }

    /** Two coordinates of mean 0 and variance 1. */
    public static Gaussian correlated(double correlation) {
        return centred(new double[][] {{1, correlation}, {correlation, 1}});
    }
}
