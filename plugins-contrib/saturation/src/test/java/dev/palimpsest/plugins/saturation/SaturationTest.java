package dev.palimpsest.plugins.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
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

class SaturationTest {
    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void it_is_found_with_its_defaults() {
        assertThat(ServiceLoader.load(ForwardModel.class)).containsExactly(new Saturation(1.5, 16, .05));
    }

    /** With 5 levels: -1, -1/2, 0, 1/2, 1. */
    @ParameterizedTest
    @CsvSource({
        "1, -.6, -.5",
        "1, .2, 0",
        "1, .25, .5",
        "1, .26, .5",
        "2, .2, .5",
        "2, .45, 1",
        "2, 3, 1",
        "2, -.7, -1",
        ".5, 1, .5",
        ".5, 9, 1"
    })
    void without_noise_it_is_the_nearest_level_of_what_was_amplified_and_clipped(double gain, double x, double y) {
        INDArray value = Nd4j.createFromArray((float) x).reshape(1, 1);
        assertThat(new Saturation(gain, 5, 0).apply(value, generator(1)).y().getDouble(0, 0))
                .isEqualTo(y);
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "16", "256"})
    void as_many_values_are_left_as_there_are_levels_at_equal_distances(int levels) {
        INDArray x = Nd4j.linspace(-1, 1, 10_001).reshape(1, 10_001);
        float[] y =
                new Saturation(1, levels, 0).apply(x, generator(1)).y().data().asFloat();
        float[] left = new float[levels];
        int count = 0;
        for (int i = 0; i < y.length; i++) {
            if (i == 0 || y[i] != y[i - 1]) {
                left[count++] = y[i];
            }
        }
        assertThat(count).isEqualTo(levels);
        for (int k = 0; k < levels; k++) {
            assertThat(left[k]).isCloseTo(-1 + 2f * k / (levels - 1), within(1e-6f));
        }
    }

    /** Of 10,000 values of 1/2 with noise of 1, those above 0 have the share Phi(1/2) = .691462, with the standard error sqrt(.6915 * .3085 / n). */
    @Test
    void noise_is_added_before_clipping() {
        INDArray x = Nd4j.ones(100, 1, 10, 10).muli(.25);
        INDArray y = new Saturation(2, 2, 1).apply(x, generator(2)).y();
        assertThat((y.meanNumber().doubleValue() + 1) / 2)
                .isCloseTo(.691462, within(4 * Math.sqrt(.6915 * .3085 / 10_000)));
    }

    /** A step of 2e-4 changes no value but the few that are that near to an edge: of 16 levels over [-1, 1], .0002 * 15 / 2 = .15 % of uniform values. */
    @Test
    void its_gradient_is_zero_almost_everywhere() {
        INDArray x = Samples.uniform(generator(2), 1000, 20).muli(2).subi(1);
        Saturation model = new Saturation(1, 16, 0);
        INDArray change = model.apply(x.add(2e-4), generator(1))
                .y()
                .subi(model.apply(x, generator(1)).y());
        int moved = 0;
        for (float value : change.data().asFloat()) {
            moved += value == 0 ? 0 : 1;
        }
        assertThat(moved / 20_000.).isCloseTo(.0015, within(4 * Math.sqrt(.0015 / 20_000)));
    }

    @Test
    void a_batch_is_its_items_one_by_one_with_the_same_generator_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(generator(2), 3, 2, 5, 4).permute(0, 1, 3, 2);
        INDArray before = x.dup();
        INDArray y = new Saturation().apply(x, generator(3)).y();
        assertThat(y.shape()).containsExactly(3, 2, 4, 5);
        RandomGenerator one = generator(3);
        for (int item = 0; item < 3; item++) {
            INDArray single = x.get(NDArrayIndex.interval(item, item + 1));
            assertThat(new Saturation().apply(single, one).y()).isEqualTo(y.get(NDArrayIndex.interval(item, item + 1)));
        }
        assertThat(new Saturation().apply(x, generator(4)).y()).isNotEqualTo(y);
        assertThat(x).isEqualTo(before);
    }

    @Test
    void what_is_not_a_number_is_not_hidden() {
        INDArray x = Nd4j.createFromArray(Float.NaN, 0).reshape(1, 2);
        assertThat(new Saturation(1, 3, 0).apply(x, generator(1)).y().data().asFloat())
                .containsExactly(Float.NaN, 0);
    }

    @Test
    void impossible_settings_are_refused() {
        assertThatThrownBy(() -> new Saturation(0, 16, 0)).hasMessage("gain must be above 0, got 0.0");
        assertThatThrownBy(() -> new Saturation(1, 1, 0))
                .hasMessage("levels must be at least 2 and at most 65536, got 1");
        assertThatThrownBy(() -> new Saturation(1, 16, -1)).hasMessage("noise must be at least 0, got -1.0");
    }
}
