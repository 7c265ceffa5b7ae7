package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import dev.palimpsest.testkit.ScalarLaw;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One dimension, any channel without atoms, any prior. */
class OneDimensionLawTest {
    private static final double[] WEIGHTS = {.3, .7};
    private static final double[] MEANS = {-2, 1};
    private static final double[] DEVIATIONS = {.5, .8};

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    static Stream<InterpolantSchedule> straightLines() {
        return Parts.schedules().filter(schedule -> Math.abs(schedule.alpha(.4) + schedule.beta(.4) - 1) < 1e-12);
    }

    private static PairMixture exact(InterpolantSchedule schedule, LinearChannel channel) {
        return new PairMixture(
                schedule,
                List.of(WEIGHTS[0], WEIGHTS[1]),
                List.of(
                        GaussianPair.through(channel, Gaussian.scalar(MEANS[0], DEVIATIONS[0])),
                        GaussianPair.through(channel, Gaussian.scalar(MEANS[1], DEVIATIONS[1]))));
    }

    /** RK4 at 96 steps leaves less than 1e-4 also where the map is steep, between the two parts. */
    @ParameterizedTest
    @MethodSource("schedules")
    void the_transport_of_a_mixture_is_Q_of_pi_after_F_of_mu_whatever_the_schedule_and_the_sign_of_the_gain(
            InterpolantSchedule schedule) {
        ScalarLaw pi = ScalarLaw.mixture(WEIGHTS, MEANS, DEVIATIONS);
        double[] y = {-6, -3, -2, -1, -.5, 0, .5, 1, 2, 4};
        for (double gain : new double[] {1, -.6}) {
            double[] phi = Parts.transported(exact(schedule, LinearChannel.scalar(gain, 1)), new Rk4(96, 1.5), y);
            assertThat(phi).as("gain " + gain).containsExactly(pi.transported(pi.observed(gain, 1), y), within(1e-4));
        }
    }

    /** The gradient by central differences: its error is h^2/6 times the third derivative, below 1e-7 here. */
    @ParameterizedTest
    @MethodSource("straightLines")
    void the_drift_of_a_mixture_is_minus_sigma2_t_plus_gamma_gammaDot_times_the_score(InterpolantSchedule schedule) {
        double sigma = .7;
        PairMixture drift = exact(schedule, LinearChannel.scalar(1, sigma));
        for (double t : new double[] {.1, .4, .9}) {
            for (double v : new double[] {-2.5, -1, 0, .7, 2}) {
                double h = 1e-4;
                double score =
                        (logDensity(schedule, sigma, t, v + h) - logDensity(schedule, sigma, t, v - h)) / (2 * h);
                double expected = -(sigma * sigma * t + schedule.gammaGammaDot(t)) * score;
                assertThat(drift.at(t, new double[0]).apply(new double[] {v})[0])
                        .as("t " + t + ", v " + v)
                        .isCloseTo(expected, within(1e-5));
            }
        }
    }

    private static double logDensity(InterpolantSchedule schedule, double sigma, double t, double v) {
        double sum = 0;
        for (int i = 0; i < 2; i++) {
            double variance =
                    DEVIATIONS[i] * DEVIATIONS[i] + sigma * sigma * t * t + schedule.gamma(t) * schedule.gamma(t);
            sum += WEIGHTS[i] / Math.sqrt(variance) * Math.exp(-(v - MEANS[i]) * (v - MEANS[i]) / (2 * variance));
        }
        return Math.log(sum);
    }

    /**
     * Round by round from the identity, with pi_k as 151 weighted points, .06 standard deviations apart and blurred by .6 of that, whose exact drift
     * moves the same quantiles of mu. The blur makes the standard deviation .0006 larger every round, relatively: the tolerance is ten times that.
     */
    @Test
    void rounds_of_a_mixture_follow_the_iteration_of_its_quantiles() {
        double[] scores =
                IntStream.rangeClosed(-75, 75).mapToDouble(i -> .06 * i).toArray();
        double[] weights =
                Arrays.stream(scores).map(xi -> Math.exp(-xi * xi / 2)).toArray();
        double total = Arrays.stream(weights).sum();
        ScalarLaw mu = ScalarLaw.mixture(WEIGHTS, MEANS, DEVIATIONS).observed(1, 1);
        double[] y = mu.quantiles(scores);
        double[] x = y;
        ScalarLaw oracle = mu;
        for (int k = 1; k <= 10; k++) {
            x = Parts.transported(points(x, weights, total), new Midpoint(16, 1.5), y);
            oracle = oracle.next(mu, 1, 1, 1);
            double[] expected = oracle.quantiles(scores);
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += weights[i] / total * (x[i] - expected[i]) * (x[i] - expected[i]);
            }
            assertThat(Math.sqrt(sum)).as("round " + k).isLessThan(.01);
        }
    }

    private static PairMixture points(double[] x, double[] weights, double total) {
        LinearChannel channel = LinearChannel.scalar(1, 1);
        return new PairMixture(
                new Linear(),
                Arrays.stream(weights).map(weight -> weight / total).boxed().toList(),
                IntStream.range(0, x.length)
                        .mapToObj(i -> {
                            int before = Math.max(0, i - 1);
                            int after = Math.min(x.length - 1, i + 1);
                            double distance = (x[after] - x[before]) / (after - before);
                            return GaussianPair.through(channel, Gaussian.scalar(x[i], .6 * distance));
                        })
                        .toList());
    }
}
