package dev.palimpsest.testkit;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.List;

/**
 * Two coordinates of mean 0, variance 1 and correlation c under fresh random masks: each is lost with probability p and then N(0, 1), the mask is
 * known, and what is seen has no noise.
 *
 * <p>A round is one of nonparametric EM (method, section 2): pi_(k+1) = sum over the seen sets A of P(A) pi(x_A) pi_k(x_B | x_A), B the lost ones.
 * Derivation: given the mask, the coordinates seen do not move, and the flow carries (x_A, filler) ~ pi_k(x_A) N(0, 1) to pi_k; for y it starts at
 * pi(x_A). With q = (1 - p)^2 the probability that both are seen, laws of the form w N(c) + (1 - w) N(0), N(c) the normal law of correlation c, keep
 * it, because all have the same marginals: w_(k+1) = q + (1 - q) w_k. From Phi = identity, w_0 = q, so
 *
 * <pre>w_k = 1 - (1 - q)^(k+1), c_k = c w_k.</pre>
 *
 * @param correlation c
 * @param probability p
 */
public record MaskedPair(double correlation, double probability) {
    /** The four masks, 1 where seen. */
    public static List<double[]> masks() {
        return List.of(new double[] {1, 1}, new double[] {1, 0}, new double[] {0, 1}, new double[] {0, 0});
    }

    public double probabilityOf(double[] mask) {
        double product = 1;
        for (double seen : mask) {
            product *= seen == 1 ? 1 - probability : probability;
        }
        return product;
    }

    /** w_k, the weight of the truth in pi_k. */
    public double weight(int round) {
        double q = (1 - probability) * (1 - probability);
        return 1 - Math.pow(1 - q, round + 1);
    }

    /** c_k. */
    public double correlation(int round) {
        return correlation * weight(round);
    }

    /** E x_1^2 x_2^2 under pi_k: 1 + 2 c^2 for a normal law of correlation c. */
    public double fourthMoment(int round) {
        return 1 + 2 * correlation * correlation * weight(round);
    }

    /** The exact drift for pi_k, conditioned on the mask. */
    public ExactVelocity drift(InterpolantSchedule schedule, int round) {
        List<Double> weights = List.of(weight(round), 1 - weight(round));
        return (t, mask) -> new PairMixture(
                        schedule,
                        weights,
                        List.of(
                                GaussianPair.through(LinearChannel.masked(mask, 0), Gaussian.correlated(correlation)),
                                GaussianPair.through(LinearChannel.masked(mask, 0), Gaussian.correlated(0))))
                .at(t, mask);
    }
}
