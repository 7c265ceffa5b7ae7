package dev.palimpsest.testkit;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A law on the line without atoms, by its quantiles Q(N(xi_j)) at 600 standard normal scores xi_j between -6 and 6, N the normal distribution
 * function; and the method's rounds for any channel y = a x + noise xi, any prior and any schedule (method, section 2):
 *
 * <pre>Phi_k = Q_(pi_k) o F_(K pi_k),  pi_(k+1) = Phi_k # mu.</pre>
 *
 * Derivation: trajectories of an ODE on the line do not cross, so that the flow, which carries K pi_k (t = 1) to pi_k (t = 0), is the increasing map
 * between them. With mix-in p, the interpolant's law at t = 1 is p K pi_k + (1 - p) mu.
 *
 * <p>In the score, normal laws are straight lines; between the nodes Q is interpolated by cubics, and means over the law are sums with the weights of
 * the normal density, the trapezoidal rule.
 */
public final class ScalarLaw {
    private static final double REACH = 6;
    private static final int NODES = 600;
    private static final double STEP = 2 * REACH / NODES;
    private static final double[] WEIGHTS = weights();

    /** Where Q rises this much faster than a normal law's of the same variance, a cell is divided for integrals over it. */
    private static final double STEEP = 4;

    private static final int PARTS = 64;

    private final double[] quantiles;
    private final Optional<DoubleUnaryOperator> exact;

    private ScalarLaw(double[] quantiles, Optional<DoubleUnaryOperator> exact) {
        this.quantiles = quantiles;
        this.exact = exact;
    }

    /** A mixture of normal laws. */
    public static ScalarLaw mixture(double[] weights, double[] means, double[] deviations) {
        return of((x, side) -> {
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * Normal.below(side * (x - means[i]) / deviations[i]);
            }
            return sum;
        });
    }

    /** @param tail of x and side: the probability below x where side is 1, and above x where it is -1 */
    private static ScalarLaw of(DoubleBinaryOperator tail) {
        DoubleUnaryOperator quantile = score -> {
            double side = score <= 0 ? 1 : -1;
            double p = Normal.below(side * score);
            return increasing(x -> side * (tail.applyAsDouble(x, side) - p));
        };
        double[] quantiles = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            quantiles[j] = quantile.applyAsDouble(node(j));
        }
        return new ScalarLaw(quantiles, Optional.of(quantile));
    }

    /** The root of an increasing function, by bisection. */
    private static double increasing(DoubleUnaryOperator f) {
        double low = -1;
        while (f.applyAsDouble(low) > 0) {
            low *= 2;
        }
        double high = 1;
        while (f.applyAsDouble(high) < 0) {
            high *= 2;
        }
        while (high - low > 1e-12 * (1 + Math.abs(low))) {
            double middle = (low + high) / 2;
            if (f.applyAsDouble(middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** K pi: the law of y = gain x + noise xi. */
    public ScalarLaw observed(double gain, double noise) {
        return of((y, side) -> tail(y, side, gain, noise));
    }

    /** The probability that side (gain x + noise xi) is below side y. */
    private double tail(double y, double side, double gain, double noise) {
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            sum += WEIGHTS[i] * Tabulated.below(side * (y - gain * quantiles[i]) / noise);
        }
        return sum;
    }

    /** Q_pi o F_mu, the map Phi at the fixed point, where this is pi. */
    public double[] transported(ScalarLaw mu, double[] y) {
        return Arrays.stream(y).map(value -> at(mu.score(value))).toArray();
    }

    /** The score of x: the standard normal quantile of F(x), by bisection. */
    private double score(double x) {
        double low = -2 * REACH;
        double high = 2 * REACH;
        while (high - low > 1e-12) {
            double middle = (low + high) / 2;
            if (quantile(middle) < x) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** pi_(k+1), where this is pi_k and mu the law of the observations, with mix-in: the share of pairs that have F(x) and not the real y. */
    public ScalarLaw next(ScalarLaw mu, double gain, double noise, double mix) {
        double[] next = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            double xi = node(j);
            double y = mu.quantiles[j];
            double side = xi <= 0 ? 1 : -1;
            double p = mix * tail(y, side, gain, noise) + (1 - mix) * Normal.below(side * xi);
            double score = p <= .5 ? side * Normal.quantile(p) : -side * Normal.quantile(1 - p);
            next[j] = quantile(score);
        }
        return new ScalarLaw(next, Optional.empty());
    }

    /** Q at a score: by the cubic through the four nodes around it, and beyond the nodes by the last two. */
    private double quantile(double score) {
        double at = (score - node(0)) / STEP;
        if (at <= 0) {
            return quantiles[0] + at * (quantiles[1] - quantiles[0]);
        }
        if (at >= NODES - 1) {
            return quantiles[NODES - 1] + (at - (NODES - 1)) * (quantiles[NODES - 1] - quantiles[NODES - 2]);
        }
        int i = Math.min(NODES - 3, Math.max(1, (int) at));
        double u = at - i;
        return -u * (u - 1) * (u - 2) / 6 * quantiles[i - 1]
                + (u + 1) * (u - 1) * (u - 2) / 2 * quantiles[i]
                - (u + 1) * u * (u - 2) / 2 * quantiles[i + 1]
                + (u + 1) * u * (u - 1) / 6 * quantiles[i + 2];
    }

    /** The Wasserstein-2 distance: the root of the mean of (Q - Q')^2. */
    public double wasserstein(ScalarLaw other) {
        double steep = STEEP * 2 * STEP * Math.sqrt(Math.max(variance(), other.variance()));
        double sum = 0;
        for (int j = 0; j < NODES; j++) {
            int parts = Math.max(rise(j), other.rise(j)) > steep ? PARTS : 1;
            for (int part = 0; part < parts; part++) {
                double score = node(j) + ((part + .5) / parts - .5) * STEP;
                double difference = at(score) - other.at(score);
                sum += WEIGHTS[j] / parts * difference * difference;
            }
        }
        return Math.sqrt(sum);
    }

    private double rise(int j) {
        return quantiles[Math.min(NODES - 1, j + 1)] - quantiles[Math.max(0, j - 1)];
    }

    private double at(double score) {
        return exact.orElse(this::quantile).applyAsDouble(score);
    }

    public double mean() {
        double sum = 0;
        for (int j = 0; j < NODES; j++) {
            sum += WEIGHTS[j] * quantiles[j];
        }
        return sum;
    }

    public double variance() {
        double mean = mean();
        double sum = 0;
        for (int j = 0; j < NODES; j++) {
            sum += WEIGHTS[j] * (quantiles[j] - mean) * (quantiles[j] - mean);
        }
        return sum;
    }

    /** The quantiles Q(N(xi)) at these standard normal scores xi. */
    public double[] quantiles(double... scores) {
        return Arrays.stream(scores).map(this::at).toArray();
    }

    /** The middle of the j-th of equal parts; none is at the median, where the quantiles of a law of two separate parts jump. */
    private static double node(int j) {
        return -REACH + (j + .5) * STEP;
    }

    private static double[] weights() {
        double[] weights = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            weights[j] = Normal.density(node(j));
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** The normal distribution function from a table of values and slopes; its relative error is below 1e-6 also in the lower tail. */
    private static final class Tabulated {
        private static final double REACH = 12;
        private static final int CELLS_PER_UNIT = 128;
        private static final int CELLS = (int) (2 * REACH * CELLS_PER_UNIT);
        private static final double[] VALUES = new double[CELLS + 1];
        private static final double[] SLOPES = new double[CELLS + 1];

        static {
            for (int i = 0; i <= CELLS; i++) {
                double x = -REACH + (double) i / CELLS_PER_UNIT;
                VALUES[i] = Normal.below(x);
                SLOPES[i] = Normal.density(x) / CELLS_PER_UNIT;
            }
        }

        private Tabulated() {}

        static double below(double x) {
            double at = (x + REACH) * CELLS_PER_UNIT;
            if (at <= 0) {
                return 0;
            }
            if (at >= CELLS) {
                return 1;
            }
            int i = (int) at;
            double u = at - i;
            double v = 1 - u;
            return v * v * ((1 + 2 * u) * VALUES[i] + u * SLOPES[i])
                    + u * u * ((1 + 2 * v) * VALUES[i + 1] - v * SLOPES[i + 1]);
        }
    }
}
