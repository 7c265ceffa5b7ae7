package dev.palimpsest.runtime.simple;

import static dev.palimpsest.runtime.simple.Noisy.HEIGHT;
import static dev.palimpsest.runtime.simple.Noisy.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TotalVariationTest {
    private static final double WEIGHT = .2;

    /** The share of |u - y|^2 / 2 that the duality gap may have. */
    private static final double GAP = .01;

    private static double[] denoised(double[] y, double weight) {
        return new TotalVariation(weight).denoised(y, 1, HEIGHT, WIDTH);
    }

    private static double squares(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    private static double objective(double[] u, double[] y) {
        double variation = 0;
        for (int i = 0; i < u.length; i++) {
            double right = i % WIDTH + 1 < WIDTH ? u[i + 1] - u[i] : 0;
            double down = i / WIDTH + 1 < HEIGHT ? u[i + WIDTH] - u[i] : 0;
            variation += Math.hypot(right, down);
        }
        return squares(u, y) / 2 + WEIGHT * variation;
    }

    @Test
    void its_objective_is_that_of_the_minimum_of_scikit_image_but_for_the_gap() {
        double[] y = Noisy.image();
        double[] u = denoised(y, WEIGHT);
        double[] minimum = Noisy.denoised("total-variation");
        double gap = GAP * squares(u, y) / 2;
        assertThat(objective(u, y)).isBetween(objective(minimum, y) - 1e-6, objective(minimum, y) + gap);
        assertThat(squares(u, minimum)).isLessThan(2 * gap);
    }

    /** In each row |u - y|^2 / 2 + weight |jump| is least where both halves come nearer to each other by weight over their number of pixels. */
    @Test
    void a_step_becomes_lower_by_the_weight_over_the_size_of_each_side() {
        double[] step = new double[HEIGHT * WIDTH];
        Arrays.setAll(step, i -> i % WIDTH < 4 ? -1 : 1);
        double[] u = denoised(step, WEIGHT);
        double error = Math.sqrt(GAP * squares(u, step));
        assertThat(u[5 * WIDTH + 1]).isCloseTo(-1 + WEIGHT / 4, within(error));
        assertThat(u[5 * WIDTH + 9]).isCloseTo(1 - WEIGHT / 12, within(error));
    }

    @Test
    void it_keeps_the_mean_and_a_constant_image_and_weight_0_keeps_any() {
        double[] y = Noisy.image();
        assertThat(Arrays.stream(denoised(y, WEIGHT)).average().orElseThrow())
                .isCloseTo(Arrays.stream(y).average().orElseThrow(), within(1e-12));
        assertThat(denoised(Noisy.constant(.3), WEIGHT)).containsExactly(Noisy.constant(.3));
        assertThat(denoised(y, 0)).containsExactly(y);
    }

    @Test
    void each_channel_is_denoised_by_itself() {
        double[] y = Noisy.image();
        assertThat(new TotalVariation(WEIGHT).denoised(Noisy.twice(y), 2, HEIGHT, WIDTH))
                .containsExactly(Noisy.twice(denoised(y, WEIGHT)));
    }
}
