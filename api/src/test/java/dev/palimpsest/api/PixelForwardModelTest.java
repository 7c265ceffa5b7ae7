package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PixelForwardModelTest {
    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);

    /** Mirrors each row, and adds 100 to the second channel. */
    private static float[] mirror(float[] pixels, int channels, int height, int width) {
        float[] y = new float[pixels.length];
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    int start = (c * height + row) * width;
                    y[start + column] = pixels[start + width - 1 - column] + 100 * c;
                }
            }
        }
        return y;
    }

    @Test
    void each_image_is_given_as_floats_in_channel_row_column_order() {
        PixelForwardModel model = (pixels, channels, height, width, random) -> mirror(pixels, channels, height, width);
        INDArray x = Nd4j.createFromArray(new float[][][][] {
            {{{1, 2, 3}, {4, 5, 6}}, {{7, 8, 9}, {10, 11, 12}}},
            {{{-1, -2, -3}, {-4, -5, -6}}, {{-7, -8, -9}, {-10, -11, -12}}}
        });
        Observations observed = model.apply(x.dup('f'), rng);
        assertThat(observed.conditioning()).isEmpty();
        assertThat(observed.y()).isEqualTo(Nd4j.createFromArray(new float[][][][] {
            {{{3, 2, 1}, {6, 5, 4}}, {{109, 108, 107}, {112, 111, 110}}},
            {{{-3, -2, -1}, {-6, -5, -4}}, {{91, 92, 93}, {88, 89, 90}}}
        }));
    }

    @Test
    void the_pixels_may_be_overwritten_without_changing_x() {
        PixelForwardModel model = (pixels, channels, height, width, random) -> {
            Arrays.fill(pixels, 7);
            return pixels;
        };
        INDArray x = Samples.gaussian(rng, 2, 1, 2, 2);
        INDArray before = x.dup();
        assertThat(model.apply(x, rng).y()).isEqualTo(Nd4j.ones(2, 1, 2, 2).muli(7));
        assertThat(x).isEqualTo(before);
    }

    @Test
    void the_images_of_a_batch_draw_from_the_generator_one_after_another() {
        PixelForwardModel model = (pixels, channels, height, width, random) -> new float[] {random.nextFloat()};
        RandomGenerator same = RandomGeneratorFactory.of("L64X128MixRandom").create(9);
        float[] y = model.apply(
                        Nd4j.zeros(3, 1, 1, 1),
                        RandomGeneratorFactory.of("L64X128MixRandom").create(9))
                .y()
                .ravel()
                .toFloatVector();
        assertThat(y).containsExactly(same.nextFloat(), same.nextFloat(), same.nextFloat());
    }

    @Test
    void what_is_not_an_image_is_refused_and_so_is_another_number_of_pixels() {
        PixelForwardModel model = (pixels, channels, height, width, random) -> new float[3];
        assertThatThrownBy(() -> model.apply(Nd4j.zeros(2, 4), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pixel forward model needs images [N, channels, height, width], got shape [2, 4]");
        assertThatThrownBy(() -> model.apply(Nd4j.zeros(2, 1, 2, 2), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 4 pixel values, got 3");
    }
}
