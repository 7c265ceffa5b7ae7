package dev.palimpsest.testkit;

/**
 * The scalar channel y = a x + noise xi with prior N(m, s^2): the method's rounds in closed form, for any schedule (method, section 2).
 *
 * <p>With w = a^2 s^2 + noise^2 and rho = noise^2 / w. Derivation: in one dimension Phi is increasing and carries N(a m_k, w_k), w_k = a^2 v_k +
 * noise^2, to N(m_k, v_k), so Phi_k(y) = m_k + sqrt(v_k / w_k) (y - a m_k); applied to y ~ N(a m, w) this gives
 *
 * <pre>
 * v_(k+1) = v_k w / w_k, that is 1/v_(k+1) = a^2/w + rho / v_k, that is 1/v_k = 1/s^2 + rho^k (1/v_0 - 1/s^2),
 * m_(k+1) - m = (1 - a sqrt(v_k / w_k)) (m_k - m).
 * </pre>
 *
 * @param gain a, of either sign
 * @param mean m
 * @param deviation s
 * @param noise standard deviation of the noise
 */
public record ScalarChannel(double gain, double mean, double deviation, double noise) {
    /** w, the variance of y. */
    public double observedVariance() {
        return gain * gain * deviation * deviation + noise * noise;
    }

    /** rho = noise^2 / w, by which the error of 1/v_k shrinks every round. */
    public double rate() {
        return noise * noise / observedVariance();
    }

    /** The slope s / sqrt(w) of Phi at the fixed point. */
    public double slope() {
        return deviation / Math.sqrt(observedVariance());
    }

    /** v_k, from the variance v_0 at the start. */
    public double variance(int round, double start) {
        double precision = 1 / (deviation * deviation);
        return 1 / (precision + Math.pow(rate(), round) * (1 / start - precision));
    }

    /** v_k from Phi = identity, where v_0 = w. */
    public double variance(int round) {
        return variance(round, observedVariance());
    }

    /** m_k from Phi = identity, where m_0 = a m. */
    public double mean(int round) {
        double error = gain * mean - mean;
        for (int k = 0; k < round; k++) {
            double v = variance(k);
            error *= 1 - gain * Math.sqrt(v / (gain * gain * v + noise * noise));
        }
        return mean + error;
    }

    /** 1 - a s / sqrt(w), by which the mean's error is multiplied every round in the end; above 1 where a is negative. */
    public double meanFactor() {
        return 1 - gain * slope();
    }

    /**
     * Of the rounds with mix-in p (the share of the pairs with F(x), the others having the real y): 1 - p (1 - rho), for small errors of the
     * variance.
     */
    public double rate(double mix) {
        return 1 - mix * (1 - rate());
    }

    /**
     * The loss at the truth for gain 1, the linear schedule and no latent noise: noise s atan(noise / s), which is the integral of Var(I' | I) =
     * noise^2 s^2 / (s^2 + noise^2 t^2).
     */
    public double loss() {
        if (gain != 1) {
            throw new IllegalStateException("the loss at the truth is known for gain 1, got " + gain);
        }
        return noise * deviation * Math.atan(noise / deviation);
    }
}
