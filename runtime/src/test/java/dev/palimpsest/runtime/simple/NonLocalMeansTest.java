package dev.palimpsest.runtime.simple;

import static dev.palimpsest.runtime.simple.Noisy.HEIGHT;
import static dev.palimpsest.runtime.simple.Noisy.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NonLocalMeansTest {
    private static final NonLocalMeans MEANS = new NonLocalMeans(.12, .15);

    @Test
    void it_is_the_sum_of_the_formula_pixel_by_pixel() {
        assertThat(MEANS.denoised(Noisy.image(), 1, HEIGHT, WIDTH))
                .containsExactly(Noisy.denoised("non-local-means"), within(1e-9));
    }

    @Test
    void a_constant_image_is_kept_however_small() {
        assertThat(MEANS.denoised(Noisy.constant(.3), 1, HEIGHT, WIDTH))
                .containsExactly(Noisy.constant(.3), within(1e-12));
        assertThat(MEANS.denoised(new double[] {.3, .3}, 1, 1, 2))
                .containsExactly(new double[] {.3, .3}, within(1e-12));
    }

    /** Of a ramp that is steeper than h, no other weight is above exp(-5): edges are mirrored, so that only the middle of a row is unlike all others. */
    @Test
    void pixels_that_are_unlike_all_others_are_kept() {
        double[] ramp = new double[HEIGHT * 40];
        Arrays.setAll(ramp, i -> i % 40 + 100 * (i / 40));
        double[] u = new NonLocalMeans(1e-3, 0).denoised(ramp, 1, HEIGHT, 40);
        int middle = HEIGHT / 2 * 40 + 20;
        assertThat(u[middle]).isEqualTo(ramp[middle]);
    }

    @Test
    void channels_that_are_alike_are_denoised_as_one() {
        double[] y = Noisy.image();
        assertThat(MEANS.denoised(Noisy.twice(y), 2, HEIGHT, WIDTH))
                .containsExactly(Noisy.twice(MEANS.denoised(y, 1, HEIGHT, WIDTH)), within(1e-12));
    }
}
