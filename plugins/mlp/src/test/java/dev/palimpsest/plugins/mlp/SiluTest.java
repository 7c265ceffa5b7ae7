package dev.palimpsest.plugins.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SiluTest {
    /** Every thousandth from -60 to 60, against Math.exp in double precision. */
    @Test
    void sigmoid_silu_and_slope_are_as_accurate_as_stated() {
        int n = 120_001;
        float[] z = new float[n];
        for (int i = 0; i < n; i++) {
            z[i] = (i - 60_000) / 1000f;
        }
        float[] s = new float[n];
        Silu.sigmoid(z, s, n);
        float[] silu = z.clone();
        Silu.multiply(silu, s, n);
        float[] slope = s.clone();
        Silu.slope(silu, slope, n);
        for (int i = 0; i < n; i++) {
            double sigmoid = 1 / (1 + Math.exp(-z[i]));
            double scale = Math.max(1, Math.abs(z[i]));
            assertThat((double) s[i]).isCloseTo(sigmoid, within(3e-7));
            assertThat((double) silu[i]).isCloseTo(z[i] * sigmoid, within(3e-7 * scale));
            assertThat((double) slope[i]).isCloseTo(sigmoid * (1 + z[i] * (1 - sigmoid)), within(1e-6 * scale));
        }
    }

    @Test
    void not_a_number_stays_so() {
        float[] s = new float[1];
        Silu.sigmoid(new float[] {Float.NaN}, s, 1);
        assertThat(s[0]).isNaN();
    }
}
