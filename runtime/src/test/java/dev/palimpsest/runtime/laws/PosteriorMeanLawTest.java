package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.plugins.schedules.BrownianBridge;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.runtime.transport.TransportException;
import dev.palimpsest.testkit.AdditiveNoise;
import dev.palimpsest.testkit.ExactDrift;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import dev.palimpsest.testkit.ScalarChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** E[x | y] by one call of the drift at t = 1, where the interpolant is y. */
class PosteriorMeanLawTest {
    private static final double M = 1.5;
    private static final double S = .8;
    private static final double SIGMA = .5;
    private static final double[] Y = {-4, -1, -.2, .5, 1.5, 3};

    /** All shipped ones whose drift has no score at t = 1. */
    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules().filter(schedule -> !(schedule instanceof BrownianBridge));
    }

    private static double[] mean(
            ExactVelocity b, InterpolantSchedule schedule, double mix, double[] y, Optional<double[]> phi) {
        INDArray mean = new PosteriorMean(new ExactDrift(b).network(), schedule, mix)
                .apply(new Observations(column(y), Optional.empty()), phi.map(PosteriorMeanLawTest::column));
        assertThat(mean.shape()).containsExactly(y.length, 1);
        return mean.data().asDouble();
    }

    private static INDArray column(double[] values) {
        return Nd4j.createFromArray(values).reshape('c', values.length, 1);
    }

    /** m + a s^2 / (a^2 s^2 + sigma^2) (y - a m), in double precision. */
    private static double[] closedForm(double gain) {
        double slope = gain * S * S / (gain * gain * S * S + SIGMA * SIGMA);
        return Arrays.stream(Y).map(y -> M + slope * (y - gain * M)).toArray();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void it_is_the_regression_of_x_on_y_whatever_the_schedule_and_the_gain(InterpolantSchedule schedule) {
        for (double gain : new double[] {1, 1.7, .3, 0, -.8}) {
            PairMixture b = new PairMixture(
                    schedule, GaussianPair.through(LinearChannel.scalar(gain, SIGMA), Gaussian.scalar(M, S)));
            assertThat(mean(b, schedule, 1, Y, Optional.empty()))
                    .as("gain " + gain)
                    .containsExactly(closedForm(gain), within(1e-12));
        }
    }

    /** At the truth (x, F(x)) and (Phi(y), y) have one law of their second part, so that at t = 1 each has its share for every y. */
    @ParameterizedTest
    @MethodSource("schedules")
    void of_a_drift_that_was_trained_with_real_pairs_too_their_share_is_taken_out(InterpolantSchedule schedule) {
        for (double gain : new double[] {1, .3, -.8}) {
            LinearChannel channel = LinearChannel.scalar(gain, SIGMA);
            double variance = channel.observed(Gaussian.scalar(M, S)).covariance()[0][0];
            double slope = new ScalarChannel(gain, M, S, SIGMA).slope();
            double offset = M - slope * gain * M;
            double[] phi = Arrays.stream(Y).map(y -> offset + slope * y).toArray();
            for (double mix : new double[] {.9, .3}) {
                PairMixture b = new PairMixture(
                        schedule,
                        List.of(mix, 1 - mix),
                        List.of(
                                GaussianPair.through(channel, Gaussian.scalar(M, S)),
                                GaussianPair.mapped(offset, slope, gain * M, variance)));
                assertThat(mean(b, schedule, mix, Y, Optional.of(phi)))
                        .as("gain " + gain + ", mix " + mix)
                        .containsExactly(closedForm(gain), within(1e-11));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void in_d_dimensions_it_is_the_regression_matrix_about_the_mean(InterpolantSchedule schedule) {
        double[][] covariance = {{1, .6, .2}, {.6, 2, -.3}, {.2, -.3, .5}};
        double[] m = {1, -2, .5};
        double[] y = {.3, 1, -2};
        double[][] regression = new AdditiveNoise(covariance, 1).posteriorMean();
        PairMixture b = new PairMixture(
                schedule, GaussianPair.through(LinearChannel.additive(3, 1), new Gaussian(m, covariance)));
        double[] mean = new PosteriorMean(new ExactDrift(b).network(), schedule, 1)
                .apply(Observations.of(Nd4j.createFromArray(new double[][] {y})))
                .data()
                .asDouble();
        for (int i = 0; i < 3; i++) {
            double expected = m[i];
            for (int j = 0; j < 3; j++) {
                expected += regression[i][j] * (y[j] - m[j]);
            }
            assertThat(mean[i]).isCloseTo(expected, within(1e-12));
        }
    }

    /** Tweedie: E[x | y] = y + sigma^2 (log p)'(y). The central difference is off by h^2/6 times the third derivative, below 1e-7 here. */
    @ParameterizedTest
    @MethodSource("schedules")
    void of_a_mixture_it_is_what_tweedie_says(InterpolantSchedule schedule) {
        LinearChannel channel = LinearChannel.scalar(1, SIGMA);
        PairMixture b = new PairMixture(
                schedule,
                List.of(.3, .7),
                List.of(
                        GaussianPair.through(channel, Gaussian.scalar(-2, .5)),
                        GaussianPair.through(channel, Gaussian.scalar(1, .8))));
        double h = 1e-4;
        double[] expected = Arrays.stream(Y)
                .map(y -> y + SIGMA * SIGMA * (logDensity(y + h) - logDensity(y - h)) / (2 * h))
                .toArray();
        assertThat(mean(b, schedule, 1, Y, Optional.empty())).containsExactly(expected, within(1e-6));
    }

    /** But for a constant. */
    private static double logDensity(double y) {
        double narrow = .25 + SIGMA * SIGMA;
        double wide = .64 + SIGMA * SIGMA;
        return Math.log(.3 / Math.sqrt(narrow) * Math.exp(-(y + 2) * (y + 2) / (2 * narrow))
                + .7 / Math.sqrt(wide) * Math.exp(-(y - 1) * (y - 1) / (2 * wide)));
    }

    @Test
    void a_drift_that_holds_a_score_at_the_end_or_never_saw_F_gives_none() {
        ExactDrift drift = new ExactDrift(
                new PairMixture(new Linear(), GaussianPair.through(LinearChannel.scalar(1, 1), Gaussian.scalar(0, 1))));
        assertThatThrownBy(() -> new PosteriorMean(drift.network(), new BrownianBridge(1, 1e-3), 1))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("whose gamma gamma' is -1.0 at t = 1 where 0 is needed");
        assertThatThrownBy(() -> new PosteriorMean(drift.network(), new Linear(), 0))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("train.mix 0");
        assertThat(PosteriorMean.impossible(new Linear(), 1)).isEmpty();
    }

    @Test
    void the_network_is_called_once_for_each_observation() {
        ExactDrift drift = new ExactDrift(
                new PairMixture(new Linear(), GaussianPair.through(LinearChannel.scalar(1, 1), Gaussian.scalar(0, 1))));
        PosteriorMean mean = new PosteriorMean(drift.network(), new Linear(), .9);
        mean.apply(Observations.of(column(Y)), Optional.of(column(Y)));
        assertThat(mean.calls()).isEqualTo(Y.length);
        assertThat(mean.needsTransport()).isTrue();
    }
}
