package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.random.RandomGenerator;

/** Vectors of a mixture of isotropic normal laws: component k with probability w_k / sum w, then N(mean_k, deviation_k^2 I); [count, d]. */
@Doc("vectors drawn from a mixture of isotropic normal laws")
public record GaussianMixture(
        @Doc("how often each component is drawn, relative to the sum of all") @Range(above = 0)
        List<Double> weights,

        @Doc("the mean of each component, d numbers each") List<List<Double>> means,

        @Doc("the standard deviation of each component, the same in all directions") @Range(min = 0)
        List<Double> deviations,

        @Doc("how many are drawn") @Range(min = 1) int count,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public GaussianMixture {
        Ranges.check(GaussianMixture.class, weights, means, deviations, count, limit, holdOut);
        weights = List.copyOf(weights);
        means = means.stream().map(List::copyOf).toList();
        deviations = List.copyOf(deviations);
        int components = weights.size();
        if (components == 0 || means.size() != components || deviations.size() != components) {
            throw new IllegalArgumentException(
                    "weights, means and deviations must have one entry for each component, got " + components + ", "
                            + means.size() + " and " + deviations.size());
        }
        List<Integer> sizes = means.stream().map(List::size).distinct().toList();
        if (sizes.size() != 1 || sizes.get(0) == 0) {
            throw new IllegalArgumentException("means must all have the same size, at least 1, got the sizes " + sizes);
        }
    }

    public GaussianMixture() {
        this(List.of(1.0, 1.0), List.of(List.of(-1.0), List.of(1.0)), List.of(0.5, 0.5), 10000, 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        RandomGenerator rng = streams.stream("data", 0);
        double total = weights.stream().mapToDouble(Double::doubleValue).sum();
        int d = means.get(0).size();
        float[] x = Drawn.room("gaussian-mixture", count, d);
        for (int n = 0; n < count; n++) {
            int k = component(total * rng.nextDouble());
            for (int i = 0; i < d; i++) {
                x[n * d + i] = (float) (means.get(k).get(i) + deviations.get(k) * rng.nextGaussian());
            }
        }
        return new Items.Clean(new Drawn("gaussian-mixture", x, d));
    }

    private int component(double mark) {
        int last = weights.size() - 1;
        double rest = mark;
        for (int k = 0; k < last; k++) {
            rest -= weights.get(k);
            if (rest < 0) {
                return k;
            }
        }
        return last;
    }
}
