package dev.palimpsest.plugins.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class LinearChannelTest {
    private final RandomGenerator rng = generator(3);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static Stream<ForwardModel> models() {
        return ServiceLoader.load(ForwardModel.class).stream().map(ServiceLoader.Provider::get);
    }

    @Test
    void the_three_models_are_found() {
        assertThat(models()).containsExactly(new GaussianNoise(.5), new Linear(.5, .1), new PoissonNoise(30));
    }

    @ParameterizedTest
    @MethodSource("models")
    void they_keep_the_shape_leave_x_alone_and_know_nothing_of_the_corruption(ForwardModel model) {
        INDArray x = Samples.gaussian(rng, 3, 2, 4, 5);
        INDArray before = x.dup();
        Observations one = model.prepare(new long[] {2, 4, 5}).apply(x, generator(9));
        assertThat(one.y().shape()).isEqualTo(x.shape());
        assertThat(one.conditioning()).isEmpty();
        assertThat(x).isEqualTo(before);
        assertThat(model.apply(x, generator(9)).y()).isEqualTo(one.y());
        assertThat(model.apply(x, generator(10)).y()).isNotEqualTo(one.y());
    }

    /** n = 100,000 normal residuals: their mean has the standard error s/sqrt(n), their variance s^2 sqrt(2/n). */
    @Test
    void the_residual_is_normal_with_the_standard_deviation_asked_for() {
        INDArray x = Samples.uniform(rng, 50_000, 2);
        for (INDArray residual : new INDArray[] {
            new GaussianNoise(.3).apply(x, rng).y().sub(x),
            new Linear(-1.5, .3).apply(x, rng).y().add(x.mul(1.5))
        }) {
            double n = residual.length();
            assertThat(residual.meanNumber().doubleValue()).isCloseTo(0, within(4 * .3 / Math.sqrt(n)));
            assertThat(residual.mul(residual).meanNumber().doubleValue())
                    .isCloseTo(.09, within(4 * .09 * Math.sqrt(2 / n)));
            // independent of x: their correlation has the standard error 1/sqrt(n), and x has the standard deviation
            // sqrt(1/12)
            double covariance = residual.mul(x.sub(.5)).meanNumber().doubleValue();
            assertThat(covariance).isCloseTo(0, within(4 * .3 * Math.sqrt(1 / (12 * n))));
        }
    }

    @Test
    void without_noise_it_is_the_gain_alone() {
        INDArray x = Samples.gaussian(rng, 4, 3);
        assertThat(new Linear(2, 0).apply(x, rng).y()).isEqualTo(x.mul(2));
        assertThat(new GaussianNoise(0).apply(x, rng).y()).isEqualTo(x);
    }

    @Test
    void what_is_out_of_range_is_refused_with_the_name_of_the_key() {
        assertThatThrownBy(() -> new GaussianNoise(-2)).hasMessage("sigma must be at least 0, got -2.0");
        assertThatThrownBy(() -> new Linear(Double.NaN, 0)).hasMessage("gain must be finite, got NaN");
        assertThatThrownBy(() -> new PoissonNoise(0)).hasMessageStartingWith("peak must be above 0");
    }
}
