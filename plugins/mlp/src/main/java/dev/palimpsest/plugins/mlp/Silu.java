package dev.palimpsest.plugins.mlp;

/**
 * SiLU(z) = z s(z) on arrays, with s(z) = (1 + tanh(z / 2)) / 2 from a rational function: s is within 3e-7 of 1 / (1 + exp(-z)), so SiLU within
 * 3e-7 max(1, |z|) and its slope within 1e-6 max(1, |z|). Loops are short and of one index: HotSpot vectorises them.
 */
final class Silu {
    /** Where s is 0 or 1 to 1.6e-8. */
    private static final float SATURATED = 18;

    private Silu() {}

    /**
     * s = sigmoid(z) for the first n values. tanh(u) = p / q for u = z / 8 is Lambert's continued fraction cut after 13; then
     * tanh(2u) = 2pq / (p^2 + q^2), twice. NaN stays NaN.
     */
    static void sigmoid(float[] z, float[] s, int n) {
        for (int i = 0; i < n; i++) {
            float u = .125f * Math.max(-SATURATED, Math.min(SATURATED, z[i]));
            float v = u * u;
            float p = u * (1 + v * (17325f / 135135 + v * (378f / 135135 + v * (1f / 135135))));
            float q = 1 + v * (62370f / 135135 + v * (3150f / 135135 + v * (28f / 135135)));
            float p2 = 2 * p * q;
            float q2 = p * p + q * q;
            s[i] = .5f + p2 * q2 / (p2 * p2 + q2 * q2);
        }
    }

    /** z = z s for the first n values. */
    static void multiply(float[] z, float[] s, int n) {
        for (int i = 0; i < n; i++) {
            z[i] *= s[i];
        }
    }

    /** z = z + b for the first n values. */
    static void add(float[] z, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            z[i] += b[i];
        }
    }

    /** s = s + a (1 - s), the slope of SiLU where it is a and the sigmoid is s, for the first n values. */
    static void slope(float[] a, float[] s, int n) {
        for (int i = 0; i < n; i++) {
            s[i] += a[i] * (1 - s[i]);
        }
    }
}
