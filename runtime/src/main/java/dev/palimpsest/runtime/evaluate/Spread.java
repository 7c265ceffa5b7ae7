package dev.palimpsest.runtime.evaluate;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where items lie, and how widely.
 *
 * @param mean of each coordinate
 * @param deviation the root of the mean over coordinates of the (unbiased) variance over items
 * @param error the standard error of the deviation, relative to it, from how the squares differ from item to item
 */
public record Spread(double[] mean, double deviation, double error) {
    /** @param items [n, ...], at least one */
    public static Spread of(INDArray items) {
        Rows rows = Rows.of(items);
        int n = rows.count();
        double[] mean = rows.mean();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double[] row = rows.row(i);
            double own = 0;
            for (int k = 0; k < mean.length; k++) {
                own += (row[k] - mean[k]) * (row[k] - mean[k]) / mean.length;
            }
            sum += own / n;
            squares += own * own / n;
        }
        double variance = sum * n / Math.max(1, n - 1);
        double error = Math.sqrt(Math.max(0, squares - sum * sum) / n);
        return new Spread(mean, Math.sqrt(variance), sum == 0 ? 0 : error / sum / 2);
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
