package dev.palimpsest.plugins.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The sampler through {@link PoissonNoise}: with x = 1 the rate is the peak, and the counts are (y + 1) peak / 2. */
class PoissonTest {
    private static final int DRAWS = 200_000;

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    private double[] counts(double rate) {
        INDArray y = new PoissonNoise(rate).apply(Nd4j.ones(DRAWS), rng).y();
        double[] counts = y.toDoubleVector();
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (counts[i] + 1) * rate / 2;
        }
        return counts;
    }

    /** Rates on both sides of 10, where the algorithm changes. */
    @ParameterizedTest
    @ValueSource(doubles = {.1, 1, 5, 9.99, 10, 12.5, 30, 100, 1000})
    void counts_are_whole_numbers_with_the_mean_and_the_variance_of_the_law(double rate) {
        double mean = 0;
        double square = 0;
        for (double count : counts(rate)) {
            // y is a float: a count is known to about 1e-7 of itself or of the rate
            assertThat(count).isCloseTo(Math.rint(count), within(1e-6 * (1 + rate)));
            mean += count / DRAWS;
            square += (count - rate) * (count - rate) / DRAWS;
        }
        assertThat(mean).isCloseTo(rate, within(4 * Math.sqrt(rate / DRAWS)));
        // the variance of (n - r)^2 is r + 2 r^2
        assertThat(square).isCloseTo(rate, within(4 * Math.sqrt((rate + 2 * rate * rate) / DRAWS)));
    }

    /**
     * Pearson's chi-square over the counts that are expected at least ten times, the rest together. With f degrees of freedom it exceeds
     * f + 2 sqrt(f u) + 2u with a probability of at most exp(-u) (Laurent and Massart 2000, lemma 1): u = 9.2 makes that 1e-4.
     */
    @ParameterizedTest
    @ValueSource(doubles = {.1, 1, 5, 9.99, 10, 12.5, 30, 100, 1000})
    void counts_follow_the_probabilities_of_the_law(double rate) {
        int[] observed = new int[(int) (rate + 20 * Math.sqrt(rate) + 20)];
        for (double count : counts(rate)) {
            observed[(int) Math.rint(count)]++;
        }
        double chiSquare = 0;
        int cells = 0;
        double restExpected = DRAWS;
        int restObserved = DRAWS;
        double logProbability = -rate;
        for (int k = 0; k < observed.length; k++) {
            double expected = DRAWS * Math.exp(logProbability);
            if (expected >= 10) {
                chiSquare += (observed[k] - expected) * (observed[k] - expected) / expected;
                cells++;
                restExpected -= expected;
                restObserved -= observed[k];
            }
            logProbability += Math.log(rate / (k + 1));
        }
        chiSquare += (restObserved - restExpected) * (restObserved - restExpected) / restExpected;
        assertThat(chiSquare).isLessThan(cells + 2 * Math.sqrt(9.2 * cells) + 2 * 9.2);
    }

    @Test
    void the_rate_is_the_brightness_and_black_stays_black() {
        INDArray x = Nd4j.createFromArray(new float[] {-1, -1.5f, 0, .5f});
        INDArray sum = Nd4j.zeros(4);
        int repeats = 20_000;
        for (int i = 0; i < repeats; i++) {
            sum.addi(new PoissonNoise(40).apply(x, rng).y());
        }
        double[] mean = sum.div(repeats).toDoubleVector();
        assertThat(mean[0]).isEqualTo(-1);
        assertThat(mean[1]).isEqualTo(-1);
        // variance 2 (x + 1) / peak
        assertThat(mean[2]).isCloseTo(0, within(4 * Math.sqrt(2. / 40 / repeats)));
        assertThat(mean[3]).isCloseTo(.5, within(4 * Math.sqrt(3. / 40 / repeats)));
    }

    @Test
    void what_is_not_finite_is_passed_on_as_not_a_number() {
        INDArray x = Nd4j.createFromArray(new float[] {Float.NaN, Float.POSITIVE_INFINITY});
        assertThat(new PoissonNoise().apply(x, rng).y().toFloatVector()).containsOnly(Float.NaN);
    }

    @Test
    void the_same_generator_gives_the_same_counts_and_x_is_left_alone() {
        INDArray x = Samples.uniform(rng, 2, 3, 4, 5);
        INDArray before = x.dup();
        INDArray one = new PoissonNoise()
                .apply(x, RandomGeneratorFactory.of("L64X128MixRandom").create(5))
                .y();
        INDArray two = new PoissonNoise()
                .apply(x.dup('f'), RandomGeneratorFactory.of("L64X128MixRandom").create(5))
                .y();
        assertThat(two).isEqualTo(one).isNotEqualTo(x);
        assertThat(x).isEqualTo(before);
    }
}
