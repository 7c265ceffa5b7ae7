package dev.palimpsest.runtime.evaluate;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where items lie, and how widely.
 *
 * @param mean of each coordinate
 * @param deviation the root of the mean over coordinates of the (unbiased) variance over items
 */
public record Spread(double[] mean, double deviation) {
    /** @param items [n, ...] */
    public static Spread of(INDArray items) {
        Rows rows = Rows.of(items);
        int n = rows.count();
        double[] mean = new double[rows.dimension()];
        for (int i = 0; i < n; i++) {
            double[] row = rows.row(i);
            for (int k = 0; k < mean.length; k++) {
                mean[k] += row[k] / n;
            }
        }
        double variance = 0;
        for (int i = 0; i < n; i++) {
            double[] row = rows.row(i);
            for (int k = 0; k < mean.length; k++) {
                variance += (row[k] - mean[k]) * (row[k] - mean[k]) / mean.length / Math.max(1, n - 1);
            }
        }
        return new Spread(mean, Math.sqrt(variance));
    }

    /** The root mean square over coordinates of the difference of the means. */
    public double distance(Spread other) {
        double sum = 0;
        for (int k = 0; k < mean.length; k++) {
            sum += (mean[k] - other.mean[k]) * (mean[k] - other.mean[k]) / mean.length;
        }
        return Math.sqrt(sum);
    }
}
