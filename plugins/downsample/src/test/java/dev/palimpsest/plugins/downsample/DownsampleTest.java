package dev.palimpsest.plugins.downsample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.HashSet;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class DownsampleTest {
    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void it_is_found_with_its_defaults() {
        assertThat(ServiceLoader.load(ForwardModel.class)).containsExactly(new Downsample(2, .01));
    }

    @Test
    void a_pixel_becomes_the_mean_of_its_block() {
        INDArray x = Nd4j.createFromArray(0f, 2, 10, 20, 4, 6, 30, 40).reshape('c', 1, 1, 2, 4);
        INDArray y = Nd4j.createFromArray(3f, 3, 25, 25, 3, 3, 25, 25).reshape('c', 1, 1, 2, 4);
        assertThat(new Downsample(2, 0).apply(x, generator(1)).y()).isEqualTo(y);
    }

    /** Row r, column c and channel k of the ramp 100 k + 10 r + c: a block's mean is the ramp at its middle. */
    @ParameterizedTest
    @CsvSource({"1, 4, 6", "2, 4, 6", "3, 6, 9", "6, 6, 12"})
    void a_ramp_becomes_its_values_at_the_middles_of_the_blocks(int factor, int height, int width) {
        INDArray x = Nd4j.zeros(2, 3, height, width);
        for (int place = 0; place < 6 * height * width; place++) {
            x.putScalar(place, 100 * (place / (height * width)) + 10 * (place / width % height) + place % width);
        }
        float[] y = new Downsample(factor, 0).apply(x, generator(1)).y().data().asFloat();
        for (int place = 0; place < y.length; place++) {
            double row = place / width % height / factor * factor + (factor - 1) / 2.;
            double column = place % width / factor * factor + (factor - 1) / 2.;
            double expected = 100 * (place / (height * width)) + 10 * row + column;
            assertThat(y[place]).isCloseTo((float) expected, within(1e-4f));
        }
    }

    /** 7,680 coarse pixels: the mean has the standard error .3 / sqrt(n), the mean square .09 sqrt(2 / n). */
    @Test
    void a_block_has_one_draw_of_the_noise_asked_for() {
        INDArray y = new Downsample(2, .3)
                .apply(Nd4j.zeros(30, 1, 32, 32), generator(2))
                .y();
        assertThat(new Downsample(2, 0).apply(y, generator(3)).y()).isEqualTo(y);
        assertThat(y.meanNumber().doubleValue()).isCloseTo(0, within(4 * .3 / Math.sqrt(7680)));
        assertThat(y.mul(y).meanNumber().doubleValue()).isCloseTo(.09, within(4 * .09 * Math.sqrt(2 / 7680.)));
    }

    @Test
    void a_batch_is_its_items_one_by_one_with_the_same_generator_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(generator(2), 3, 2, 6, 4).permute(0, 1, 3, 2);
        INDArray before = x.dup();
        INDArray y = new Downsample()
                .prepare(new long[] {2, 4, 6})
                .apply(x, generator(3))
                .y();
        RandomGenerator one = generator(3);
        for (int item = 0; item < 3; item++) {
            INDArray single = x.get(NDArrayIndex.interval(item, item + 1));
            assertThat(new Downsample().apply(single, one).y()).isEqualTo(y.get(NDArrayIndex.interval(item, item + 1)));
        }
        assertThat(new Downsample().apply(x, generator(4)).y()).isNotEqualTo(y);
        assertThat(x).isEqualTo(before);
    }

    /** 2 x 2 blocks of a 4 x 4 image that begin one row above it: the first row is alone, then two, then the last alone. */
    @Test
    void shifted_blocks_begin_where_the_conditioning_says_and_are_averaged_as_far_as_they_lie_in_the_image() {
        INDArray x = Samples.gaussian(generator(4), 40, 1, 4, 4);
        Observations observed = new Downsample(2, 0, true, 0).apply(x, generator(5));
        INDArray begins = observed.conditioning().orElseThrow();
        Set<String> places = new HashSet<>();
        for (int item = 0; item < 40; item++) {
            int down = begins.getDouble(item, 0, 0, 0) + begins.getDouble(item, 0, 0, 1) > 0 ? 0 : 1;
            int right = begins.getDouble(item, 0, down, 0) > 0 ? 0 : 1;
            places.add(down + " " + right);
            for (int pixel = 0; pixel < 16; pixel++) {
                double sum = 0;
                int count = 0;
                for (int other = 0; other < 16; other++) {
                    if ((other / 4 + down) / 2 == (pixel / 4 + down) / 2
                            && (other % 4 + right) / 2 == (pixel % 4 + right) / 2) {
                        sum += x.getDouble(item, 0, other / 4, other % 4);
                        count++;
                    }
                }
                assertThat(observed.y().getDouble(item, 0, pixel / 4, pixel % 4))
                        .isCloseTo(sum / count, within(1e-6));
            }
        }
        assertThat(places).containsExactlyInAnyOrder("0 0", "0 1", "1 0", "1 1");
    }

    /** Of 4 pixels 3 directions differ within a block: the mean square is 3/4 filler^2, from 30,720 values and so 23,040 free ones. */
    @Test
    void the_filler_has_no_mean_in_any_block_and_the_deviation_asked_for_in_the_others_directions() {
        INDArray y = new Downsample(2, 0, false, .4)
                .apply(Nd4j.zeros(30, 1, 32, 32), generator(2))
                .y();
        INDArray means = new Downsample(2, 0).apply(y, generator(3)).y();
        assertThat(means.mul(means).meanNumber().doubleValue()).isLessThan(1e-12);
        double expected = .75 * .16;
        assertThat(y.mul(y).meanNumber().doubleValue())
                .isCloseTo(expected, within(4 * expected * Math.sqrt(2 / 23_040.)));
    }

    @Test
    void what_it_cannot_take_is_refused_with_what_it_could() {
        assertThatThrownBy(() -> new Downsample(4, 0).prepare(new long[] {3, 18, 12}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("downsample: factor must divide the height and the width of images of 18 x 12 pixels, "
                        + "as do 1, 2, 3, 6; got 4");
        assertThatThrownBy(() -> new Downsample(28, 0).apply(Nd4j.zeros(1, 1, 14, 28), generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("as do 1, 2, 7, 14; got 28");
        assertThatThrownBy(() -> new Downsample().apply(Nd4j.zeros(4, 2), generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("downsample needs images [channels, height, width], got items of shape [2]");
        assertThatThrownBy(() -> new Downsample(0, 0)).hasMessage("factor must be at least 1, got 0");
        assertThatThrownBy(() -> new Downsample(2, -1)).hasMessage("noise must be at least 0, got -1.0");
    }
}
