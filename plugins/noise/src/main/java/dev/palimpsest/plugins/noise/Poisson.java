package dev.palimpsest.plugins.noise;

import java.util.random.RandomGenerator;

/** Exact draws from the Poisson law. */
final class Poisson {
    private static final double HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

    private Poisson() {}

    /** A count of mean {@code rate}, a whole number; not a number if the rate is none. */
    static double draw(double rate, RandomGenerator rng) {
        if (!Double.isFinite(rate)) {
            return Double.NaN;
        }
        return rate < 10 ? byProducts(rate, rng) : byTransformedRejection(rate, rng);
    }

    /** As many uniforms as keep their product above exp(-rate) (Knuth, "The Art of Computer Programming", 3.4.1). */
    private static double byProducts(double rate, RandomGenerator rng) {
        double limit = Math.exp(-rate);
        int count = 0;
        for (double product = rng.nextDouble(); product > limit; product *= rng.nextDouble()) {
            count++;
        }
        return count;
    }

    /**
     * Algorithm PTRS, for rates of at least 10: transformed rejection with a squeeze (Hörmann, "The transformed rejection method for generating Poisson
     * random variables", Insurance: Mathematics and Economics 12, 1993).
     */
    private static double byTransformedRejection(double rate, RandomGenerator rng) {
        double b = .931 + 2.53 * Math.sqrt(rate);
        double a = -.059 + .02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        double squeeze = .9277 - 3.6224 / (b - 2);
        while (true) {
            double u = rng.nextDouble() - .5;
            double v = rng.nextDouble();
            double us = .5 - Math.abs(u);
            double k = Math.floor((2 * a / us + b) * u + rate + .43);
            if (us >= .07 && v <= squeeze) {
                return k;
            }
            boolean outside = k < 0 || (us < .013 && v > us);
            if (!outside
                    && Math.log(v * inverseAlpha / (a / (us * us) + b))
                            <= k * Math.log(rate) - rate - logFactorial(k)) {
                return k;
            }
        }
    }

    /** ln k!, by Stirling's series from 10 on, where its error is below 1e-10. */
    private static double logFactorial(double k) {
        if (k < 10) {
            double product = 1;
            for (int i = 2; i <= k; i++) {
                product *= i;
            }
            return Math.log(product);
        }
        double inverse = 1 / k;
        double square = inverse * inverse;
        return (k + .5) * Math.log(k) - k + HALF_LOG_TWO_PI + inverse * (1. / 12 - square * (1. / 360 - square / 1260));
    }
}
