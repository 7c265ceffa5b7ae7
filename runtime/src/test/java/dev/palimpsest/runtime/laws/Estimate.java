package dev.palimpsest.runtime.laws;

import java.util.Arrays;

/** The mean of independent values and its standard error. */
record Estimate(double mean, double standardError) {
    static Estimate of(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
        return new Estimate(mean, Math.sqrt(variance / values.length));
    }

    /** How many standard errors the mean is away from a number. */
    double deviations(double expected) {
        return Math.abs(mean - expected) / standardError;
    }
}
