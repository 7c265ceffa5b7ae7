package dev.palimpsest.plugins.motionblur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MotionBlurTest {
    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** The angle in [0, pi) that an item's conditioning states. */
    private static double angle(Observations observations, int item) {
        INDArray conditioning = observations.conditioning().orElseThrow();
        double twice = Math.atan2(conditioning.getDouble(item, 1), conditioning.getDouble(item, 0));
        return twice < 0 ? twice / 2 + Math.PI : twice / 2;
    }

    private static int mirrored(int index, int size) {
        int inside = index;
        while (inside < 0 || inside >= size) {
            inside = inside < 0 ? -1 - inside : 2 * size - 1 - inside;
        }
        return inside;
    }

    @Test
    void it_is_found_with_the_defaults_of_the_paper() {
        assertThat(ServiceLoader.load(ForwardModel.class)).containsExactly(new MotionBlur(7, .001));
    }

    /** The conditioning is float32, which moves a weight by some 1e-7. */
    @ParameterizedTest
    @CsvSource({"7, 2, 11, 14", "9, 1, 3, 4", "12.5, 3, 2, 1"})
    void every_channel_is_smeared_at_the_angle_that_the_conditioning_states_and_reflected_at_the_edges(
            double length, int channels, int height, int width) {
        INDArray x = Samples.uniform(generator(2), 5, channels, height, width);
        Observations observed = new MotionBlur(length, 0).apply(x, generator(3));
        int radius = LineKernel.radius(length);
        int side = 2 * radius + 1;
        for (int item = 0; item < 5; item++) {
            double[] k = LineKernel.weights(length, angle(observed, item));
            for (int pixel = 0; pixel < channels * height * width; pixel++) {
                int channel = pixel / (height * width);
                int row = pixel / width % height;
                int column = pixel % width;
                double expected = 0;
                for (int place = 0; place < k.length; place++) {
                    int i = mirrored(row + place / side - radius, height);
                    int j = mirrored(column + place % side - radius, width);
                    expected += k[place] * x.getDouble(item, channel, i, j);
                }
                assertThat(observed.y().getDouble(item, channel, row, column)).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void a_constant_image_is_unchanged() {
        for (float value : new MotionBlur(7, 0)
                .apply(Nd4j.ones(10, 1, 5, 6).muli(-.7), generator(3))
                .y()
                .data()
                .asFloat()) {
            assertThat(value).isCloseTo(-.7f, within(1e-6f));
        }
    }

    /** Of 8,000 angles, each of 8 bins has 1,000 with the standard deviation sqrt(8000 / 8 * 7 / 8) = 29.6. */
    @Test
    void angles_are_uniform_over_half_a_turn() {
        Observations observed = new MotionBlur(1, 0).apply(Nd4j.zeros(8000, 1, 1, 1), generator(3));
        assertThat(observed.conditioning().orElseThrow().shape()).containsExactly(8000, 2);
        int[] bins = new int[8];
        for (int item = 0; item < 8000; item++) {
            bins[(int) (angle(observed, item) / Math.PI * 8) % 8]++;
        }
        for (int count : bins) {
            assertThat((double) count).isCloseTo(1000, within(4 * 29.6));
        }
    }

    /** A blurred constant is the constant, so the rest is noise. 30,720 values: the mean has the standard error .3 / sqrt(n), the mean square .09 sqrt(2 / n). */
    @Test
    void the_noise_has_the_standard_deviation_asked_for() {
        INDArray noise = new MotionBlur(7, .3)
                .apply(Nd4j.ones(30, 1, 32, 32), generator(3))
                .y()
                .subi(1);
        assertThat(noise.meanNumber().doubleValue()).isCloseTo(0, within(4 * .3 / Math.sqrt(30_720)));
        assertThat(noise.mul(noise).meanNumber().doubleValue())
                .isCloseTo(.09, within(4 * .09 * Math.sqrt(2 / 30_720.)));
    }

    @Test
    void a_batch_is_its_items_one_by_one_with_the_same_generator_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(generator(2), 3, 2, 5, 4).permute(0, 1, 3, 2);
        INDArray before = x.dup();
        Observations all = new MotionBlur().prepare(new long[] {2, 4, 5}).apply(x, generator(3));
        RandomGenerator one = generator(3);
        for (int item = 0; item < 3; item++) {
            Observations single = new MotionBlur().apply(x.get(NDArrayIndex.interval(item, item + 1)), one);
            assertThat(single.y()).isEqualTo(all.y().get(NDArrayIndex.interval(item, item + 1)));
            assertThat(single.conditioning().orElseThrow())
                    .isEqualTo(all.conditioning().orElseThrow().get(NDArrayIndex.interval(item, item + 1)));
        }
        assertThat(new MotionBlur().apply(x, generator(4)).y()).isNotEqualTo(all.y());
        assertThat(x).isEqualTo(before);
    }

    @Test
    void what_it_cannot_take_is_refused() {
        assertThatThrownBy(() -> new MotionBlur().apply(Nd4j.zeros(4, 2), generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("motion-blur needs images [channels, height, width], got items of shape [2]");
        assertThatThrownBy(() -> new MotionBlur(.5, 0))
                .hasMessage("length must be at least 1 and at most 1000, got 0.5");
        assertThatThrownBy(() -> new MotionBlur(7, -.1)).hasMessage("noise must be at least 0, got -0.1");
    }

    /** x K^T K x = |K x|^2: no direction comes back with its sign turned. Sums of 300 float32 products: 1e-5. */
    @Test
    void what_is_projected_back_never_points_away_from_x() {
        INDArray x = Samples.gaussian(generator(5), 20, 1, 15, 20);
        INDArray once = new MotionBlur(7, 0).apply(x, generator(6)).y();
        INDArray twice = new MotionBlur(7, 0, true).apply(x, generator(6)).y();
        for (int item = 0; item < 20; item++) {
            double square = once.slice(item).mul(once.slice(item)).sumNumber().doubleValue();
            assertThat(x.slice(item).mul(twice.slice(item)).sumNumber().doubleValue())
                    .isCloseTo(square, within(1e-5 * square));
        }
    }
}
