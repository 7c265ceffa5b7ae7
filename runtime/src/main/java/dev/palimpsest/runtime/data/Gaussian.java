package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.random.RandomGenerator;

/** Vectors of a normal law N(mean, covariance): x = mean + L xi with L L' = covariance and xi standard normal; [count, d]. */
@Doc("vectors drawn from a normal law")
public record Gaussian(
        @Doc("the mean, d numbers") List<Double> mean,

        @Doc("the covariance, d rows of d numbers; symmetric and positive semidefinite")
        List<List<Double>> covariance,

        @Doc("how many are drawn") @Range(min = 1) int count,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public Gaussian {
        Ranges.check(Gaussian.class, mean, covariance, count, limit, holdOut);
        mean = List.copyOf(mean);
        covariance = covariance.stream().map(List::copyOf).toList();
        int d = mean.size();
        if (d == 0 || covariance.size() != d || covariance.stream().anyMatch(row -> row.size() != d)) {
            throw new IllegalArgumentException(
                    "mean must have at least one number and covariance as many rows, each of as many numbers, got " + d
                            + " and " + covariance.stream().map(List::size).toList());
        }
        Cholesky.factor(covariance);
    }

    public Gaussian() {
        this(List.of(0.0, 0.0), List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)), 10000, 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        RandomGenerator rng = streams.stream("data", 0);
        double[][] factor = Cholesky.factor(covariance);
        int d = mean.size();
        float[] x = Drawn.room("gaussian", count, d);
        double[] xi = new double[d];
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < d; i++) {
                xi[i] = rng.nextGaussian();
                double value = mean.get(i);
                for (int j = 0; j <= i; j++) {
                    value += factor[i][j] * xi[j];
                }
                x[n * d + i] = (float) value;
            }
        }
        return new Items.Clean(new Drawn("gaussian", x, d));
    }
}
