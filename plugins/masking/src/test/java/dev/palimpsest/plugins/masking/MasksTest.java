package dev.palimpsest.plugins.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MasksTest {
    private final RandomGenerator rng = generator(3);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static Stream<ForwardModel> models() {
        return ServiceLoader.load(ForwardModel.class).stream().map(ServiceLoader.Provider::get);
    }

    private static INDArray mask(Observations observations) {
        return observations.conditioning().orElseThrow();
    }

    @Test
    void the_two_masks_are_found() {
        assertThat(models()).containsExactly(new RandomMask(.5, .001), new BlockMask(8, .001));
    }

    @ParameterizedTest
    @MethodSource("models")
    void the_same_generator_gives_the_same_result_and_x_is_left_alone(ForwardModel model) {
        INDArray x = Samples.gaussian(rng, 3, 2, 12, 10);
        INDArray before = x.dup();
        Observations one = model.prepare(new long[] {2, 12, 10}).apply(x, generator(9));
        Observations two = model.apply(x, generator(9));
        assertThat(two.y()).isEqualTo(one.y());
        assertThat(mask(two)).isEqualTo(mask(one));
        assertThat(mask(model.apply(x, generator(10)))).isNotEqualTo(mask(one));
        assertThat(x).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("models")
    void the_conditioning_is_one_map_of_ones_and_zeros(ForwardModel model) {
        INDArray map = mask(model.apply(Samples.gaussian(rng, 3, 2, 12, 10), rng));
        assertThat(map.shape()).containsExactly(3, 1, 12, 10);
        for (float seen : map.reshape(360).toFloatVector()) {
            assertThat(seen).isIn(0f, 1f);
        }
    }

    /** All channels are 5: seen pixels stay within 6 standard deviations of it, a standard normal filler does not come near. */
    @ParameterizedTest
    @MethodSource("models")
    void all_channels_of_a_pixel_are_seen_or_lost_together(ForwardModel model) {
        Observations observed = model.apply(Nd4j.ones(20, 3, 16, 16).muli(5), rng);
        INDArray map = mask(observed);
        for (int item = 0; item < 20; item++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int pixel = 0; pixel < 256; pixel++) {
                    boolean near = Math.abs(observed.y().getDouble(item, channel, pixel / 16, pixel % 16) - 5) < .006;
                    assertThat(near).isEqualTo(map.getDouble(item, 0, pixel / 16, pixel % 16) == 1);
                }
            }
        }
    }

    /** n lost values are standard normal: mean 0 with standard error 1/sqrt(n), mean square 1 with sqrt(2/n); the seen have noise of .1 around 5. */
    @ParameterizedTest
    @MethodSource("models")
    void lost_pixels_are_standard_normal_and_seen_ones_have_the_noise_asked_for(ForwardModel shipped) {
        ForwardModel model = shipped instanceof RandomMask ? new RandomMask(.3, .1) : new BlockMask(8, .1);
        INDArray x = Nd4j.ones(100, 3, 16, 16).muli(5);
        Observations observed = model.apply(x, rng);
        INDArray seen = Nd4j.zeros(100, 3, 16, 16).addi(mask(observed));
        INDArray lost = seen.rsub(1);
        double lostCount = lost.sumNumber().doubleValue();
        double seenCount = seen.sumNumber().doubleValue();
        INDArray filler = observed.y().mul(lost);
        INDArray noise = observed.y().sub(x).muli(seen);
        assertThat(filler.sumNumber().doubleValue() / lostCount).isCloseTo(0, within(4 / Math.sqrt(lostCount)));
        assertThat(square(filler) / lostCount).isCloseTo(1, within(4 * Math.sqrt(2 / lostCount)));
        assertThat(noise.sumNumber().doubleValue() / seenCount).isCloseTo(0, within(4 * .1 / Math.sqrt(seenCount)));
        assertThat(square(noise) / seenCount).isCloseTo(.01, within(4 * .01 * Math.sqrt(2 / seenCount)));
    }

    private static double square(INDArray x) {
        return x.mul(x).sumNumber().doubleValue();
    }

    /** The filler of one channel says nothing of another's: over 7,680 pixels a correlation has the standard error .0114. */
    @Test
    void the_filler_differs_between_channels() {
        INDArray y = new RandomMask(1, 0).apply(Nd4j.zeros(30, 2, 16, 16), rng).y();
        INDArray channels = y.permute(1, 0, 2, 3).reshape('c', 2, 7680);
        assertThat(channels.getRow(0).mul(channels.getRow(1)).meanNumber().doubleValue())
                .isCloseTo(0, within(4 * .0114));
    }

    /** 25,600 pixels: the share that is lost has the standard error sqrt(p (1 - p) / n). */
    @Test
    void a_random_mask_loses_the_share_it_was_asked_for() {
        for (double probability : new double[] {0, .25, .5, 1}) {
            INDArray map = mask(new RandomMask(probability, 0).apply(Nd4j.zeros(100, 3, 16, 16), rng));
            assertThat(1 - map.meanNumber().doubleValue())
                    .isCloseTo(probability, within(1e-6 + 4 * Math.sqrt(probability * (1 - probability) / 25_600)));
        }
    }

    @Test
    void every_coordinate_of_a_vector_is_a_pixel() {
        INDArray x = Nd4j.ones(4000, 3).muli(5);
        Observations observed = new RandomMask(.5, 0).apply(x, rng);
        INDArray seen = mask(observed);
        assertThat(seen.shape()).containsExactly(4000, 3);
        assertThat(observed.y().mul(seen)).isEqualTo(x.mul(seen));
        // coordinates are lost independently: both of the first two with probability 1/4
        double both = seen.getColumn(0).mul(seen.getColumn(1)).meanNumber().doubleValue();
        assertThat(both).isCloseTo(.25, within(4 * Math.sqrt(.25 * .75 / 4000)));
    }

    /** Rows 0 to 8 of the corner are equally likely, (16 - 8 + 1)^-1 each: over 1,800 images a count is 200 with the standard deviation 13.3. */
    @Test
    void a_block_is_a_square_anywhere_it_fits() {
        INDArray map = mask(new BlockMask(8, 0).apply(Nd4j.zeros(1800, 1, 16, 20), rng));
        int[] rows = new int[9];
        int[] columns = new int[13];
        float[] seen = map.data().asFloat();
        for (int item = 0; item < 1800; item++) {
            int first = 0;
            while (seen[item * 320 + first] == 1) {
                first++;
            }
            int row = first / 20;
            int column = first % 20;
            rows[row]++;
            columns[column]++;
            for (int pixel = 0; pixel < 320; pixel++) {
                boolean inside =
                        pixel / 20 >= row && pixel / 20 < row + 8 && pixel % 20 >= column && pixel % 20 < column + 8;
                assertThat(seen[item * 320 + pixel]).isEqualTo(inside ? 0 : 1);
            }
        }
        assertThat(Arrays.stream(rows)).allMatch(count -> Math.abs(count - 200) < 4 * 13.3);
        assertThat(Arrays.stream(columns)).allMatch(count -> Math.abs(count - 1800. / 13) < 4 * 11.3);
    }

    @Test
    void what_a_mask_cannot_take_is_refused_with_what_it_could() {
        assertThatThrownBy(() -> new BlockMask(17, 0).prepare(new long[] {3, 16, 20}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block-mask: size must be at most 16 for images of 16 x 20 pixels, got 17");
        assertThatThrownBy(() -> new BlockMask(17, 0).apply(Nd4j.zeros(1, 3, 16, 20), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16");
        assertThatThrownBy(() -> new BlockMask().apply(Nd4j.zeros(4, 2), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block-mask needs images [channels, height, width], got items of shape [2]");
        assertThatThrownBy(() -> new RandomMask().apply(Nd4j.zeros(4, 2, 3), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "random-mask needs images [N, channels, height, width] or vectors [N, d], got shape [4, 2, 3]");
        assertThatThrownBy(() -> new RandomMask(1.5, 0))
                .hasMessage("probability must be at least 0 and at most 1, got 1.5");
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_new_filler_stands_where_the_mask_says_lost_and_the_rest_is_as_it_was(ForwardModel model) {
        Observations observed = model.apply(Samples.gaussian(rng, 3, 2, 12, 10), rng);
        INDArray before = observed.y().dup();
        Observations again = model.refill(observed, generator(9)).orElseThrow();
        assertThat(observed.y()).isEqualTo(before);
        assertThat(mask(again)).isEqualTo(mask(observed));
        assertThat(model.refill(observed, generator(9)).orElseThrow().y()).isEqualTo(again.y());
        assertThat(model.refill(observed, generator(10)).orElseThrow().y()).isNotEqualTo(again.y());
        for (int i = 0; i < 3 * 2 * 120; i++) {
            boolean seen = mask(observed).getFloat(i / 240, 0, i % 120 / 10, i % 10) == 1;
            long[] at = {i / 240, i / 120 % 2, i % 120 / 10, i % 10};
            assertThat(again.y().getFloat(at) == before.getFloat(at)).isEqualTo(seen);
        }
    }

    /** 2,400 lost values of variance 1: mean 0 with standard error .020, mean square 1 with .029. */
    @ParameterizedTest
    @MethodSource("models")
    void where_no_mask_is_known_pixels_with_a_nan_are_lost_and_their_filler_is_standard_normal(ForwardModel model) {
        INDArray y = Nd4j.ones(10, 3, 16, 10).muli(7);
        INDArray expected = Nd4j.ones(10, 1, 16, 10);
        for (int item = 0; item < 10; item++) {
            for (int pixel = 0; pixel < 80; pixel++) {
                y.putScalar(new long[] {item, pixel % 3, pixel / 10, pixel % 10}, Float.NaN);
                expected.putScalar(new long[] {item, 0, pixel / 10, pixel % 10}, 0);
            }
        }
        Observations filled = model.refill(Observations.of(y), rng).orElseThrow();
        assertThat(mask(filled)).isEqualTo(expected);
        double[] values = filled.y().dup('c').data().asDouble();
        assertThat(Arrays.stream(values).filter(value -> value == 7).count()).isEqualTo(2400);
        double[] lost = Arrays.stream(values).filter(value -> value != 7).toArray();
        assertThat(Arrays.stream(lost).average().orElseThrow()).isCloseTo(0, within(.1));
        assertThat(Arrays.stream(lost).map(value -> value * value).average().orElseThrow())
                .isCloseTo(1, within(.15));
    }

    @Test
    void a_mask_that_is_none_or_a_value_that_is_neither_seen_nor_lost_is_refused() {
        INDArray y = Nd4j.ones(2, 4);
        RandomMask model = new RandomMask();
        assertThatThrownBy(() -> model.refill(Observations.of(y, Nd4j.ones(2, 4).muli(.5)), rng))
                .hasMessageContaining("expected 1 where a pixel is seen and 0 where it is lost, got 0.5");
        assertThatThrownBy(() -> model.refill(Observations.of(y, Nd4j.ones(2, 3)), rng))
                .hasMessageContaining("expected a mask of shape [2, 4], got [2, 3]");
        assertThatThrownBy(() -> model.refill(
                        Observations.of(Nd4j.valueArrayOf(new long[] {2, 4}, Float.NaN), Nd4j.ones(2, 4)), rng))
                .hasMessageContaining("expected finite values where the mask is 1, got NaN");
    }

    @ParameterizedTest
    @MethodSource("models")
    void seen_pixels_are_told_by_a_copy_of_the_mask_and_lost_ones_are_guessed(ForwardModel model) {
        INDArray x = Nd4j.ones(3, 2, 12, 10).muli(5);
        Observations observed = model.apply(x, rng);
        INDArray seen = model.seen(observed.conditioning()).orElseThrow();
        assertThat(seen).isEqualTo(mask(observed)).isNotSameAs(mask(observed));
        INDArray state =
                x.mul(mask(observed)).addi(observed.y().mul(mask(observed).rsub(1)));
        assertThat(model.guess(state, observed.conditioning())).contains(x);
        assertThat(model.guess(state, Optional.empty())).isEmpty();
        assertThat(model.seen(Optional.empty())).isEmpty();
    }

    /** 1/255 for data in [-1, 1]. */
    @Test
    void nothing_is_seen_as_it_is_behind_noise_of_half_a_grey_level_or_more() {
        Optional<INDArray> mask = Optional.of(Nd4j.ones(2, 1, 8, 8));
        assertThat(new RandomMask(.5, .0039).seen(mask)).isEqualTo(mask);
        assertThat(new BlockMask(4, .0039).seen(mask)).isEqualTo(mask);
        assertThat(new RandomMask(.5, 1. / 255).seen(mask)).isEmpty();
        assertThat(new BlockMask(4, 1. / 255).seen(mask)).isEmpty();
        assertThat(new RandomMask(.5, .1).guess(Nd4j.ones(2, 1, 8, 8), mask)).isPresent();
    }

    @Test
    void vectors_have_no_guess_since_their_coordinates_have_no_neighbours() {
        Observations observed = new RandomMask().apply(Nd4j.ones(4, 3), rng);
        assertThat(new RandomMask().guess(observed.y(), observed.conditioning()))
                .isEmpty();
        assertThat(new RandomMask().seen(observed.conditioning())).contains(mask(observed));
    }
}
