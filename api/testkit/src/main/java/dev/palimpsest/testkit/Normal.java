package dev.palimpsest.testkit;

import org.hipparchus.special.Erf;

/** The standard normal law, with a small relative error also in its lower tail. */
final class Normal {
    private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);

    private Normal() {}

    static double density(double x) {
        return Math.exp(-x * x / 2) / ROOT_2_PI;
    }

    static double below(double x) {
        return Erf.erfc(-x / Math.sqrt(2)) / 2;
    }

    /** The x with below(x) = p, by Newton's iteration on the logarithm of the lower tail, which is concave. */
    static double quantile(double p) {
        if (p > .5) {
            throw new IllegalArgumentException("the upper tail is minus the lower one: expected p up to .5, got " + p);
        }
        double x = -Math.sqrt(Math.max(0, -2 * Math.log(2 * p)));
        for (int i = 0; i < 50; i++) {
            double below = below(x);
            double step = Math.log(below / p) * below / density(x);
            x -= step;
            if (Math.abs(step) < 1e-14 * (1 + Math.abs(x))) {
                break;
            }
        }
        return x;
    }
}
