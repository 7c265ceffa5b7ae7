package dev.palimpsest.runtime.evaluate;

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
        double between = 0;
        double withinX = 0;
        double withinY = 0;
        for (int from = 0; from < n + m; from += Distances.BLOCK) {
            double[][] d = distances.rows(from, Math.min(n + m, from + Distances.BLOCK));
            for (int i = 0; i < d.length; i++) {
                double toX = sum(d[i], 0, n);
                double toY = sum(d[i], n, n + m);
                if (from + i < n) {
                    withinX += toX;
                    between += toY;
                } else {
                    withinY += toY;
                }
            }
        }
        return between / n / m - withinX / n / (n - 1) / 2 - withinY / m / (m - 1) / 2;
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
