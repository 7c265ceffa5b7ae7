package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.testkit.ScalarLaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarRoundsTest {
    private static final double CLOSE = 1e-12;

    @ParameterizedTest
    @CsvSource({"1, 1, .5", "1, .1, 2", ".7, 1, 1", "-.8, 1, 1", ".01, 1, 1"})
    void from_the_identity_and_from_any_start_the_variance_is_that_of_the_closed_form(
            double h, double s, double sigma) {
        ScalarRounds rounds = new ScalarRounds(h, sigma * sigma, s * s);
        var law = new dev.palimpsest.testkit.ScalarChannel(h, 0, s, sigma);
        for (int k : new int[] {0, 1, 7, 300}) {
            assertThat(rounds.variance(rounds.start(0), k) / law.variance(k)).isCloseTo(1, within(CLOSE));
            assertThat(rounds.variance(.3, k) / law.variance(k, .3)).isCloseTo(1, within(CLOSE));
            assertThat(rounds.weight(k)).isCloseTo(Math.pow(law.rate(), k), within(CLOSE));
        }
    }

    /** The oracle iterates 600 quantiles, and loses some 1e-5 of a variance a round. */
    @Test
    void the_variance_is_that_of_the_rounds_of_a_distribution() {
        ScalarRounds rounds = new ScalarRounds(.6, .25, 1);
        ScalarLaw observed = ScalarLaw.mixture(new double[] {1}, new double[] {0}, new double[] {1})
                .observed(.6, .5);
        ScalarLaw current = observed;
        for (int k = 1; k <= 3; k++) {
            current = current.next(observed, .6, .5, 1);
            assertThat(rounds.variance(rounds.start(0), k)).isCloseTo(current.variance(), within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 9, 70, 1e6})
    void where_there_is_nothing_but_noise_a_k_plus_first_of_it_is_left_and_all_of_that_is_the_start(double k) {
        ScalarRounds rounds = new ScalarRounds(1, .01, 0);
        assertThat(rounds.variance(rounds.start(0), k) / (.01 / (k + 1))).isCloseTo(1, within(CLOSE));
        assertThat(rounds.weight(k)).isEqualTo(1);
        assertThat(new ScalarRounds(1, .01, 1e-13).variance(.01, k) / (.01 / (k + 1)))
                .as("1/v differs by k(k-1)/2 P/R^2 of k/R at most: continuous in P")
                .isCloseTo(1, within(1e-4));
    }

    @Test
    void where_nothing_reaches_y_the_start_stays_for_ever() {
        ScalarRounds rounds = new ScalarRounds(0, .01, 1);
        assertThat(rounds.variance(rounds.start(0), 1e9)).isEqualTo(.01);
        assertThat(rounds.weight(1e9)).isEqualTo(1);
    }

    @Test
    void without_noise_one_round_arrives_at_the_clean_variance() {
        ScalarRounds rounds = new ScalarRounds(.5, 0, 4);
        assertThat(rounds.start(0)).isEqualTo(1);
        assertThat(rounds.variance(1, 0)).isEqualTo(1);
        assertThat(rounds.variance(1, 1)).isEqualTo(4);
        assertThat(rounds.weight(0)).isEqualTo(1);
        assertThat(rounds.weight(1)).isZero();
        assertThat(rounds.start(3)).as("the posterior mean is y / h").isEqualTo(4);
        assertThat(new ScalarRounds(0, 0, 4).variance(0, 5)).isZero();
    }

    /** u' = (u / (1 + u))^2 in units of the noise: 1, 1/4, 1/25. */
    @Test
    void mean_rounds_take_noise_to_a_quarter_and_a_twenty_fifth_and_what_never_reaches_y_to_nothing() {
        ScalarRounds noise = new ScalarRounds(1, .01, 0);
        assertThat(noise.start(1)).isCloseTo(.01 / 4, within(CLOSE));
        assertThat(noise.start(2)).isCloseTo(.01 / 25, within(CLOSE));
        assertThat(new ScalarRounds(0, .01, 1).start(1)).isZero();
    }

    /** v = v^2 (P + R) / (v + R)^2 has the roots (P - R +- sqrt((P - R)^2 - 4 R^2)) / 2, which are real from P = 3 R on. */
    @Test
    void mean_rounds_without_end_keep_a_mode_of_more_than_three_times_the_noise_and_no_other() {
        assertThat(new ScalarRounds(1, 1, 4).start(1000)).isCloseTo((3 + Math.sqrt(5)) / 2, within(1e-9));
        assertThat(new ScalarRounds(1, 1, 2.9).start(1000)).isLessThan(1e-9);
    }
}
