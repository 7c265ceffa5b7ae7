package dev.palimpsest.runtime.probe;

/**
 * The method's rounds of a scalar channel y = h x + N(0, R), where x has the variance P: which variance v the restored items have, and what of it is still
 * the initial distribution. The sign of h does not matter to it.
 *
 * <pre>
 * w = h^2 P + R,  rho = R / w
 * v_0 = w                                                             after a warm-up, in which Phi is the identity
 * v_(j+1) = g_j^2 w,  g_j = h v_j / (h^2 v_j + R)                     a mean round, in which Phi is the posterior mean under the current distribution
 * 1/v_k = (1 - rho^k) / P + rho^k / v_0;  1/v_k = 1/v_0 + k h^2 / R where P = 0
 * </pre>
 *
 * So the precision is a mean of that of the clean items and that of the start, and rho^k is the weight of the start. It is 1, and the start stays for ever,
 * where h = 0 or P = 0; in the latter case it shrinks nevertheless, for h = 1 to R / (k + 1).
 *
 * @param gain h
 * @param noise R, a variance
 * @param clean P, a variance
 */
record ScalarRounds(double gain, double noise, double clean) {
    /** v at the start of the rounds: that of y, or what mean rounds have made of it. */
    double start(int meanRounds) {
        double w = gain * gain * clean + noise;
        double v = w;
        for (int j = 0; j < meanRounds && v > 0; j++) {
            double g = gain * v / (gain * gain * v + noise);
            v = g * g * w;
        }
        return v;
    }

    /** rho^k. */
    double weight(double rounds) {
        return Math.exp(logarithm(rounds));
    }

    /** v_k, from v_0. */
    double variance(double start, double rounds) {
        if (start == 0 || gain == 0 || rounds == 0) {
            return start;
        }
        double towards = clean > 0 ? -Math.expm1(logarithm(rounds)) / clean : rounds * gain * gain / noise;
        return 1 / (towards + weight(rounds) / start);
    }

    /** k log rho, precise where rho is nearly 1. */
    private double logarithm(double rounds) {
        double answered = gain * gain * clean;
        return rounds == 0 || answered == 0 ? 0 : -rounds * Math.log1p(answered / noise);
    }
}
