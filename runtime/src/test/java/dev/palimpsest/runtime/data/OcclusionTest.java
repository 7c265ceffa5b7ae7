package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OcclusionTest {
    private static final int SIDE = 9;

    @Test
    void a_pixel_keeps_the_first_disc_that_has_its_middle() {
        Occlusion image = new Occlusion(1, SIDE, SIDE, 1);
        image.paint(4, 4, 2.2, 0.5f);
        image.paint(5.3, 6, 3, -0.25f);
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                boolean first = Math.hypot(i + 0.5 - 4, j + 0.5 - 4) <= 2.2;
                boolean second = Math.hypot(i + 0.5 - 5.3, j + 0.5 - 6) <= 3;
                assertThat(image.values()[i * SIDE + j])
                        .as("row %d, column %d", i, j)
                        .isEqualTo(first ? 0.5f : second ? -0.25f : 0);
            }
        }
    }

    @Test
    void a_pixel_is_the_mean_of_its_samples() {
        // Four samples, at a quarter and three quarters of the pixel: the disc has one of them.
        Occlusion image = new Occlusion(1, 1, 1, 2);
        image.paint(0.25, 0.75, 0.1, 1);
        image.paint(0, 0, 5, -1);
        assertThat(image.values()).containsExactly((1 - 3) / 4f);
    }

    @Test
    void each_channel_has_its_own_brightness() {
        Occlusion image = new Occlusion(3, 1, 2, 1);
        image.paint(0.5, 0.5, 0.3, 0.1f, 0.2f, 0.3f);
        image.paint(0.5, 1.5, 0.3, 0.4f, 0.5f, 0.6f);
        assertThat(image.values()).containsExactly(0.1f, 0.4f, 0.2f, 0.5f, 0.3f, 0.6f);
    }

    @Test
    void it_is_covered_once_every_sample_is() {
        Occlusion image = new Occlusion(1, 2, 3, 2);
        // The sample in the last corner lies at (1.75, 2.75), 3.26 from the first corner; the others are at most 2.85
        // away.
        image.paint(0, 0, 3.2, 1);
        image.paint(0, 0, 3.2, 1);
        image.paint(-10, 20, 5, 1);
        assertThat(image.isCovered()).isFalse();
        image.paint(2, 3, 0.4, 1);
        assertThat(image.isCovered()).isTrue();
    }
}
