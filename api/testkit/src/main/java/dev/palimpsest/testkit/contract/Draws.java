package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.Observations;
import java.util.random.RandomGenerator;

/**
 * The law of what one item becomes, by the means and standard errors of a few statistics over many draws: the mean of y, that of its squares, and projections of y on
 * fixed random signs; the first two of the conditioning also.
 */
final class Draws {
    private static final int PROJECTIONS = 8;

    private final boolean[][] signs;
    private final double[] sums;
    private final double[] squares;
    private int count;

    /** @param size how many values an item has */
    Draws(boolean conditioned, int size) {
        signs = new boolean[PROJECTIONS][size];
        RandomGenerator rng = Values.generator(size);
        for (boolean[] row : signs) {
            for (int i = 0; i < size; i++) {
                row[i] = rng.nextBoolean();
            }
        }
        int statistics = 2 + PROJECTIONS + (conditioned ? 2 : 0);
        sums = new double[statistics];
        squares = new double[statistics];
    }

    void add(Observations observations, int item) {
        float[] y = Values.item(observations.y(), item);
        double[] statistics = new double[sums.length];
        moments(y, statistics, 0);
        for (int p = 0; p < PROJECTIONS; p++) {
            double projection = 0;
            for (int i = 0; i < y.length; i++) {
                projection += signs[p][i] ? y[i] : -y[i];
            }
            statistics[2 + p] = projection / Math.sqrt(y.length);
        }
        observations.conditioning().ifPresent(known -> moments(Values.item(known, item), statistics, 2 + PROJECTIONS));
        for (int i = 0; i < statistics.length; i++) {
            sums[i] += statistics[i];
            squares[i] += statistics[i] * statistics[i];
        }
        count++;
    }

    /** The largest difference of means in standard errors, to which the rounding of float32 sums (1e-5 of the mean) is added. */
    double distance(Draws other) {
        double largest = 0;
        for (int i = 0; i < sums.length; i++) {
            double difference = Math.abs(mean(i) - other.mean(i));
            double rounding = 1e-5 * (1 + Math.abs(mean(i)));
            largest = Math.max(largest, difference / (Math.sqrt(variance(i) + other.variance(i)) + rounding));
        }
        return largest;
    }

    private double mean(int i) {
        return sums[i] / count;
    }

    /** Of the mean. */
    private double variance(int i) {
        return Math.max(0, squares[i] / count - mean(i) * mean(i)) / (count - 1);
    }

    private static void moments(float[] values, double[] statistics, int at) {
        for (float value : values) {
            statistics[at] += value;
            statistics[at + 1] += (double) value * value;
        }
        statistics[at] /= values.length;
        statistics[at + 1] /= values.length;
    }
}
