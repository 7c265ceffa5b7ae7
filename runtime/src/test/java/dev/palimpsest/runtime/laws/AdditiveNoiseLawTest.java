package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.plugins.rungekutta.Dopri5;
import dev.palimpsest.plugins.rungekutta.Euler;
import dev.palimpsest.plugins.rungekutta.Heun;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.rungekutta.Tableau;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.testkit.AdditiveNoise;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import dev.palimpsest.testkit.ScalarChannel;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** y = x + sigma xi with a normal prior. */
class AdditiveNoiseLawTest {
    private static final double[][] COVARIANCE = {{1, .6, .2}, {.6, 2, -.3}, {.2, -.3, .5}};

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void the_exact_drift_is_the_stated_slope_about_the_moving_mean(InterpolantSchedule schedule) {
        double m = 1.5;
        double s2 = .64;
        double sigma2 = 4;
        PairMixture drift =
                new PairMixture(schedule, GaussianPair.through(LinearChannel.scalar(1, 2), Gaussian.scalar(m, .8)));
        for (double t : new double[] {.05, .3, .5, .95}) {
            double beta = schedule.beta(t);
            double k = schedule.alpha(t) + beta;
            double kDot = schedule.alphaDot(t) + schedule.betaDot(t);
            double slope = (k * kDot * s2 + beta * schedule.betaDot(t) * sigma2 + schedule.gammaGammaDot(t))
                    / (k * k * s2 + beta * beta * sigma2 + schedule.gamma(t) * schedule.gamma(t));
            for (double v : new double[] {-3, 0, 1, 4}) {
                assertThat(drift.at(t, new double[0]).apply(new double[] {v})[0])
                        .as("t " + t + ", v " + v)
                        .isCloseTo(kDot * m + slope * (v - k * m), within(1e-12));
            }
        }
    }

    /** RK4 at 24 steps leaves less than 1e-5 for any of these schedules; t is rounded to 6e-8. */
    @ParameterizedTest
    @MethodSource("schedules")
    void the_transport_at_the_truth_is_s_over_the_root_of_s2_plus_sigma2_whatever_the_schedule(
            InterpolantSchedule schedule) {
        for (double sigma : new double[] {.5, 1, 2}) {
            ScalarChannel law = new ScalarChannel(1, 1.5, .8, sigma);
            Parts.Affine phi =
                    Parts.transport(schedule, Parts.ACCURATE, LinearChannel.scalar(1, sigma), Gaussian.scalar(1.5, .8));
            assertThat(phi.slope()).as("sigma " + sigma).isCloseTo(law.slope(), within(1e-5));
            assertThat(phi.offset()[0]).isCloseTo(1.5 * (1 - law.slope()), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void in_d_dimensions_the_transport_is_the_root_of_S_over_that_of_S_plus_sigma2_and_not_the_posterior_mean(
            InterpolantSchedule schedule) {
        double[] mean = {1, -2, .5};
        AdditiveNoise law = new AdditiveNoise(COVARIANCE, 1);
        Parts.Affine phi =
                Parts.transport(schedule, Parts.ACCURATE, LinearChannel.additive(3, 1), new Gaussian(mean, COVARIANCE));
        for (int i = 0; i < 3; i++) {
            assertThat(phi.matrix()[i]).containsExactly(law.transport()[i], within(1e-5));
            double fixed = phi.offset()[i];
            for (int j = 0; j < 3; j++) {
                fixed += phi.matrix()[i][j] * mean[j];
            }
            assertThat(fixed).as("the mean stays").isCloseTo(mean[i], within(1e-5));
            assertThat(law.posteriorMean()[i][i]).isLessThan(phi.matrix()[i][i] - .1);
        }
    }

    static Stream<Arguments> solvers() {
        return Stream.of(
                solver("euler", 1, steps -> new Euler(steps, 1.5), 512),
                solver("midpoint", 2, steps -> new Midpoint(steps, 1.5), 32),
                solver("heun", 2, steps -> new Heun(steps, 1.5), 32),
                solver("tableau (Ralston)", 2, steps -> new Tableau(new Tableau().tableau(), steps, 1.5), 32),
                solver("rk4", 4, steps -> new Rk4(steps, 1.5), 8));
    }

    private static Arguments solver(String name, int order, IntFunction<OdeSolver> solver, int steps) {
        return Arguments.of(name, order, solver, steps);
    }

    /**
     * A method of order p with N steps has an error C / N^p + O(1 / N^(p+1)), so that twice the steps divide it by 2^p, here to within 15 %; one
     * order less or more would be a factor of 2.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("solvers")
    void every_solver_converges_to_the_law_with_the_order_of_the_textbook(
            String name, int order, IntFunction<OdeSolver> solver, int steps) {
        double[] error = errors(new Latent(2), solver, steps);
        double ratio = Math.pow(2, order);
        assertThat(error[0] / error[1]).isCloseTo(ratio, within(.15 * ratio));
        assertThat(error[1] / error[2]).isCloseTo(ratio, within(.15 * ratio));
        assertThat(solver.apply(steps).order()).isEqualTo(order);
    }

    /**
     * Midpoint's local error on dX/dt = a(t) X is h^3 X (a'' + 6 a a' + 4 a^3) / 24 + O(h^4), which is h^3 X V''' / (48 V) for a = V'/(2V), the drift
     * of a normal law of variance V: 0 where V is quadratic in t, as on the straight line without latent noise.
     */
    @Test
    void midpoint_gains_an_order_on_the_straight_line_where_the_prior_is_normal() {
        double[] error = errors(new Linear(), steps -> new Midpoint(steps, 1.5), 16);
        assertThat(error[0] / error[1]).isCloseTo(8, within(1.2));
        assertThat(error[1] / error[2]).isCloseTo(8, within(1.2));
    }

    /** Of the slope, with N, 2N and 4N steps. */
    private static double[] errors(InterpolantSchedule schedule, IntFunction<OdeSolver> solver, int steps) {
        LinearChannel channel = LinearChannel.scalar(1, 2);
        double slope = new ScalarChannel(1, 0, 1, 2).slope();
        double[] error = new double[3];
        for (int i = 0; i < 3; i++) {
            error[i] = Parts.transport(schedule, solver.apply(steps << i), channel, Gaussian.scalar(0, 1))
                            .slope()
                    - slope;
        }
        return error;
    }

    /** dopri5 keeps its local error below 1e-5 + 1e-5 |x| in a few tens of steps, and the flow contracts errors. */
    @ParameterizedTest
    @MethodSource("schedules")
    void the_adaptive_solver_meets_the_law_within_its_tolerance(InterpolantSchedule schedule) {
        Parts.Affine phi = Parts.transport(schedule, new Dopri5(), LinearChannel.scalar(1, 2), Gaussian.scalar(0, 1));
        assertThat(phi.slope()).isCloseTo(Math.sqrt(.2), within(1e-4));
    }

    /** RK4's error of at most 4e-6 a round is amplified by the loop to at most 4e-6 / (1 - rho) = 2e-5. */
    @ParameterizedTest
    @MethodSource("schedules")
    void from_the_identity_the_rounds_are_s2_over_one_minus_rho_to_the_k_plus_one(InterpolantSchedule schedule) {
        ScalarChannel law = new ScalarChannel(1, 1, 1, 2);
        LinearChannel channel = LinearChannel.scalar(1, 2);
        Gaussian truth = Gaussian.scalar(1, 1);
        Gaussian current = channel.observed(truth);
        for (int k = 0; k <= 12; k++) {
            assertThat(current.covariance()[0][0])
                    .as("round " + k)
                    .isCloseTo(1 / (1 - Math.pow(.8, k + 1)), within(2e-5))
                    .isCloseTo(law.variance(k), within(2e-5));
            assertThat(current.mean()[0]).isCloseTo(1, within(1e-5));
            current = Parts.next(schedule, Parts.ACCURATE, channel, current, truth);
        }
    }

    @Test
    void from_any_start_the_precisions_error_shrinks_by_rho_a_round() {
        LinearChannel channel = LinearChannel.scalar(1, 1);
        ScalarChannel law = new ScalarChannel(1, 0, 1, 1);
        for (double start : new double[] {.05, .5, 9}) {
            Gaussian current = Gaussian.scalar(0, Math.sqrt(start));
            for (int k = 0; k <= 12; k++) {
                assertThat(current.covariance()[0][0])
                        .as("from " + start + ", round " + k)
                        .isCloseTo(law.variance(k, start), within(2e-5 * law.variance(k, start)));
                current = Parts.next(new Linear(), Parts.ACCURATE, channel, current, Gaussian.scalar(0, 1));
            }
        }
    }

    @Test
    void in_d_dimensions_every_eigenvalue_goes_its_own_way() {
        LinearChannel channel = LinearChannel.additive(3, 1);
        Gaussian truth = Gaussian.centred(COVARIANCE);
        AdditiveNoise law = new AdditiveNoise(COVARIANCE, 1);
        Gaussian current = channel.observed(truth);
        for (int k = 0; k <= 10; k++) {
            for (int i = 0; i < 3; i++) {
                assertThat(current.covariance()[i])
                        .as("round " + k + ", row " + i)
                        .containsExactly(law.covariance(k)[i], within(2e-5));
            }
            current = Parts.next(new Latent(1), Parts.ACCURATE, channel, current, truth);
        }
    }
}
