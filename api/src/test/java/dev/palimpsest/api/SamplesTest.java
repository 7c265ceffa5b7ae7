package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class SamplesTest {
    private static final int ROWS = 100_000;

    private final RandomGenerator rng = generator(1);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static double moment(INDArray values, int power) {
        double sum = 0;
        for (double value : values.ravel().toDoubleVector()) {
            sum += Math.pow(value, power);
        }
        return sum / values.length();
    }

    static Stream<Function<RandomGenerator, INDArray>> laws() {
        return Stream.of(
                r -> Samples.gaussian(r, 3, 4, 5),
                r -> Samples.uniform(r, 3, 4, 5),
                r -> Samples.bernoulli(r, .5, 3, 4, 5));
    }

    @ParameterizedTest
    @MethodSource("laws")
    void the_same_generator_gives_the_same_bits_and_goes_on(Function<RandomGenerator, INDArray> law) {
        RandomGenerator one = generator(5);
        RandomGenerator two = generator(5);
        INDArray first = law.apply(one);
        assertThat(first.shape()).containsExactly(3, 4, 5);
        assertThat(first.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(law.apply(two)).isEqualTo(first);
        assertThat(law.apply(one)).isEqualTo(law.apply(two)).isNotEqualTo(first);
    }

    /** Of n standard normal values the k-th moment has the variance (m_2k - m_k^2) / n: 1, 2, 15, 96 over n for k = 1 to 4. */
    @Test
    void gaussian_values_have_the_moments_of_the_standard_normal_law() {
        INDArray values = Samples.gaussian(rng, ROWS, 2);
        double n = 2 * ROWS;
        assertThat(moment(values, 1)).isCloseTo(0, within(4 * Math.sqrt(1 / n)));
        assertThat(moment(values, 2)).isCloseTo(1, within(4 * Math.sqrt(2 / n)));
        assertThat(moment(values, 3)).isCloseTo(0, within(4 * Math.sqrt(15 / n)));
        assertThat(moment(values, 4)).isCloseTo(3, within(4 * Math.sqrt(96 / n)));
        double covariance =
                values.getColumn(0).mul(values.getColumn(1)).meanNumber().doubleValue();
        assertThat(covariance).isCloseTo(0, within(4 / Math.sqrt(ROWS)));
    }

    /** E u^k = 1/(k+1), with the variance 1/(2k+1) - 1/(k+1)^2. */
    @Test
    void uniform_values_have_the_moments_of_the_unit_interval_and_lie_in_it() {
        INDArray values = Samples.uniform(rng, ROWS);
        for (int k = 1; k <= 3; k++) {
            double deviation = Math.sqrt(1. / (2 * k + 1) - 1. / ((k + 1) * (k + 1)));
            assertThat(moment(values, k)).isCloseTo(1. / (k + 1), within(4 * deviation / Math.sqrt(ROWS)));
        }
        assertThat(values.minNumber().doubleValue()).isGreaterThanOrEqualTo(0);
        assertThat(values.maxNumber().doubleValue()).isLessThan(1);
    }

    @Test
    void bernoulli_values_are_ones_as_often_as_asked_for() {
        INDArray values = Samples.bernoulli(rng, .3, ROWS);
        assertThat(values.toFloatVector()).containsOnly(0, 1);
        assertThat(moment(values, 1)).isCloseTo(.3, within(4 * Math.sqrt(.3 * .7 / ROWS)));
        assertThat(Samples.bernoulli(rng, 0, 50).toFloatVector()).containsOnly(0);
        assertThat(Samples.bernoulli(rng, 1, 50).toFloatVector()).containsOnly(1);
    }
}
