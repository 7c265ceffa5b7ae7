package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.BrownianBridge;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.testkit.ExactDrift;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rounds in which x = E[x | y] under the current distribution stands for Phi(y), with exact drifts: docs/method.md, section 13. */
class MeanRoundsLawTest {
    private static final int ROUNDS = 5;

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules().filter(schedule -> !(schedule instanceof BrownianBridge));
    }

    /** The distribution of E[x | y] for a linear Gaussian channel: where the zero vector and the basis vectors go. */
    private static Gaussian meanRound(
            InterpolantSchedule schedule, LinearChannel channel, Gaussian current, Gaussian truth) {
        int d = current.mean().length;
        double[][] y = new double[d + 1][d];
        for (int i = 0; i < d; i++) {
            y[i + 1][i] = 1;
        }
        PairMixture b = new PairMixture(schedule, GaussianPair.through(channel, current));
        double[][] x = new PosteriorMean(new ExactDrift(b).network(), schedule, 1)
                .apply(Observations.of(Nd4j.createFromArray(y)))
                .toDoubleMatrix();
        double[][] matrix = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                matrix[i][j] = x[j + 1][i] - x[0][i];
            }
        }
        return new Parts.Affine(x[0], matrix).of(channel.observed(truth));
    }

    private static double variance(Gaussian law) {
        return law.covariance()[0][0];
    }

    /** v_0 = w; v_(j+1) = (a v_j / (a^2 v_j + R))^2 w. */
    @ParameterizedTest
    @MethodSource("schedules")
    void a_mean_round_squares_the_gain_of_the_posterior_mean(InterpolantSchedule schedule) {
        for (double a : new double[] {1, 1.5, .3, -.7}) {
            LinearChannel channel = LinearChannel.scalar(a, .5);
            Gaussian truth = Gaussian.scalar(.4, .8);
            Gaussian current = channel.observed(truth);
            double w = a * a * .64 + .25;
            double v = w;
            for (int j = 0; j < ROUNDS; j++) {
                assertThat(variance(current)).as("gain " + a + ", round " + j).isCloseTo(v, within(1e-9));
                current = meanRound(schedule, channel, current, truth);
                v = Math.pow(a * v / (a * a * v + .25), 2) * w;
            }
        }
    }

    /** 1/v_k = 1/s^2 + rho^k (1/v_0 - 1/s^2) from what the mean rounds have left. */
    @ParameterizedTest
    @CsvSource({"1, 1", ".5, 1", "1, 2", "-.8, 2"})
    void the_rounds_go_on_from_what_mean_rounds_leave_and_reach_the_truth_from_below(double a, int meanRounds) {
        LinearChannel channel = LinearChannel.scalar(a, 1);
        Gaussian truth = Gaussian.scalar(0, 1);
        Gaussian current = channel.observed(truth);
        for (int j = 0; j < meanRounds; j++) {
            current = meanRound(new Linear(), channel, current, truth);
        }
        double start = variance(current);
        assertThat(start).isLessThan(1);
        double rho = 1 / (a * a + 1);
        for (int k = 0; k <= 10; k++) {
            double precision = 1 + Math.pow(rho, k) * (1 / start - 1);
            assertThat(variance(current)).as("round " + k).isCloseTo(1 / precision, within(1e-4));
            current = Parts.next(new Linear(), new Rk4(64, 1.5), channel, current, truth);
        }
    }

    /** Where F shows nothing of x, E[x | y] is the mean: one round takes the noise away, which the usual rounds keep for ever. */
    @Test
    void where_nothing_of_x_is_seen_one_mean_round_leaves_nothing() {
        LinearChannel channel = LinearChannel.scalar(0, 1);
        Gaussian truth = Gaussian.scalar(0, 1);
        Gaussian noise = channel.observed(truth);
        assertThat(variance(Parts.next(new Linear(), new Rk4(64, 1.5), channel, noise, truth)))
                .isCloseTo(1, within(1e-6));
        assertThat(variance(meanRound(new Linear(), channel, noise, truth))).isCloseTo(0, within(1e-12));
    }

    /**
     * v = v^2 (s^2 + R) / (v + R)^2 has the positive solutions v = ((s^2 - R) +- sqrt((s^2 - R)^2 - 4 R^2)) / 2, for s^2 at least 3 R; so with many rounds
     * all that is weaker is taken away.
     */
    @Test
    void many_mean_rounds_take_away_what_is_weaker_than_three_times_the_noise() {
        LinearChannel channel = LinearChannel.scalar(1, 1);
        Gaussian strong = Gaussian.scalar(0, 2);
        Gaussian weak = Gaussian.scalar(0, Math.sqrt(2));
        Gaussian ofStrong = channel.observed(strong);
        Gaussian ofWeak = channel.observed(weak);
        for (int j = 0; j < 60; j++) {
            ofStrong = meanRound(new Linear(), channel, ofStrong, strong);
            ofWeak = meanRound(new Linear(), channel, ofWeak, weak);
        }
        assertThat(variance(ofStrong)).isCloseTo((3 + Math.sqrt(5)) / 2, within(1e-6));
        assertThat(variance(ofWeak)).isLessThan(1e-6);
    }

    /** C_(j+1) = G W G^T with G = C A^T (A C A^T + R)^-1, W = A S A^T + R. */
    @ParameterizedTest
    @MethodSource("schedules")
    void of_any_linear_gaussian_channel_a_mean_round_is_the_regression_of_the_observations(
            InterpolantSchedule schedule) {
        double[][] a = {{1, .4, 0}, {0, .6, .3}, {.2, 0, -.5}};
        LinearChannel channel = LinearChannel.isotropic(a, .5);
        Gaussian truth = new Gaussian(new double[3], new double[][] {{1, .6, .2}, {.6, 2, -.3}, {.2, -.3, .5}});
        Gaussian current = channel.observed(truth);
        for (int j = 0; j < ROUNDS; j++) {
            double[][] expected = channel.meanRound(current, truth).covariance();
            current = meanRound(schedule, channel, current, truth);
            for (int i = 0; i < 3; i++) {
                assertThat(current.covariance()[i]).as("round " + j).containsExactly(expected[i], within(1e-8));
            }
        }
    }

    /**
     * A coordinate that is lost with probability p, beside one that is always seen, of correlation c. Lost, it becomes c a_j times the other: a_0 = 1 - p,
     * a_(j+1) = 1 - p + p a_j, so that the error halves each round where half is lost, and no noise of the filler is left.
     */
    @ParameterizedTest
    @ValueSource(doubles = {.25, .5, .75})
    void under_masks_the_bias_of_what_is_lost_shrinks_by_p_a_round(double p) {
        double c = .8;
        double[] mask = {1, 0};
        double a = 1 - p;
        Gaussian seen = Gaussian.correlated(c);
        Gaussian lost = Gaussian.correlated(0);
        for (int j = 0; j < ROUNDS; j++) {
            List<GaussianPair> parts = List.of(
                    GaussianPair.through(LinearChannel.masked(mask, 0), seen),
                    GaussianPair.through(LinearChannel.masked(mask, 0), lost));
            ExactVelocity b = new PairMixture(new Linear(), List.of(1 - p, p), parts);
            INDArray y = Nd4j.createFromArray(new double[][] {{1.3, -2}, {-.4, 5}});
            double[][] x = new PosteriorMean(new ExactDrift(b).network(), new Linear(), 1)
                    .apply(Observations.of(y))
                    .toDoubleMatrix();
            assertThat(x[0]).as("round " + j).containsExactly(new double[] {1.3, c * a * 1.3}, within(1e-9));
            assertThat(x[1]).as("round " + j).containsExactly(new double[] {-.4, c * a * -.4}, within(1e-9));
            lost = new Gaussian(new double[2], new double[][] {{1, c * a}, {c * a, c * a * c * a}});
            a = 1 - p + p * a;
        }
    }

    /**
     * A drift that is told y itself knows x from I = (1 - t) x + t y for all t &lt; 1, and its transport gives E[x | y]: such a loop is one of mean rounds for
     * ever, and what is weaker than three times the noise collapses. No guess may tell more of y than the conditioning does.
     */
    @Test
    void a_drift_that_is_told_the_observation_itself_makes_every_round_a_mean_round() {
        double noise = 1;
        double s2 = 2;
        double v = s2 + noise;
        for (int round = 0; round < 40; round++) {
            double gain = v / (v + noise);
            ExactVelocity told = (t, y) -> x -> new double[] {t == 1 ? y[0] - gain * y[0] : (y[0] - x[0]) / (1 - t)};
            double[][] phi = Parts.transported(
                    told,
                    new Rk4(16, 1),
                    Observations.of(
                            Nd4j.createFromArray(new double[][] {{1}}), Nd4j.createFromArray(new double[][] {{1}})));
            if (round == 0) {
                assertThat(phi[0][0]).as("Phi(y) is E[x | y]").isCloseTo(gain, within(.02));
            }
            v = phi[0][0] * phi[0][0] * (s2 + noise);
        }
        assertThat(v).as("the variance").isLessThan(1e-3);
    }
}
