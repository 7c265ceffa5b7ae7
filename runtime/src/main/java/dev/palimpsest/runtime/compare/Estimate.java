package dev.palimpsest.runtime.compare;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What several seeds give.
 *
 * @param mean over the seeds
 * @param standardError the deviation over seeds (with n - 1) divided by the root of n; empty for a single seed
 */
record Estimate(double mean, OptionalDouble standardError) {
    /** Empty if there are no values. */
    static Optional<Estimate> of(DoubleStream values) {
        double[] x = values.toArray();
        if (x.length == 0) {
            return Optional.empty();
        }
        double mean = DoubleStream.of(x).sum() / x.length;
        double squares = DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum();
        return Optional.of(new Estimate(
                mean,
                x.length == 1
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.sqrt(squares / (x.length - 1) / x.length))));
    }
}
