package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;

/**
 * The unbiased energy distance E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 of two independent samples (Székely and Rizzo, "Energy statistics", J. Stat. Plan.
 * Inference 143, 2013; half of theirs).
 */
final class Energy {
    private Energy() {}

    static double distance(Halves halves) {
        Halves used = halves.atMost(Distances.most(halves.first().dimension()));
        int n = used.first().count();
        int m = used.second().count();
        Distances distances = new Distances(used.first(), used.second());
        Sums[] ofBlocks = new Sums[Blocks.count(n + m, Distances.BLOCK)];
        Blocks.inParallel(n + m, Distances.BLOCK, (block, from, to) -> {
            double[][] d = distances.rows(from, to);
            Sums sums = Sums.NONE;
            for (int i = 0; i < d.length; i++) {
                double toX = sum(d[i], 0, n);
                double toY = sum(d[i], n, n + m);
                sums = sums.plus(from + i < n ? new Sums(toY, toX, 0) : new Sums(0, 0, toY));
            }
            ofBlocks[block] = sums;
        });
        Sums sums = Arrays.stream(ofBlocks).reduce(Sums.NONE, Sums::plus);
        return sums.between / n / m - sums.withinX / n / (n - 1) / 2 - sums.withinY / m / (m - 1) / 2;
    }

    private record Sums(double between, double withinX, double withinY) {
        static final Sums NONE = new Sums(0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(between + other.between, withinX + other.withinX, withinY + other.withinY);
        }
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
