package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.plugins.rungekutta.Dopri5;
import dev.palimpsest.plugins.rungekutta.Euler;
import dev.palimpsest.plugins.rungekutta.Heun;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.schedules.Trigonometric;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The published figures are those of the project's method notes: an exact drift iterated to convergence, computed apart from this code. */
class SolverBiasTest {
    private static final List<Double> SIGMAS = List.of(.5, 1.0, 2.0, 3.0, 5.0);

    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(new Euler(16, 1), 16, List.of(.9915, .9573, 0.0, 0.0, 0.0)),
                Arguments.of(new Euler(64, 1), 64, List.of(.9979, .9898, .9353, .7001, 0.0)),
                Arguments.of(new Midpoint(8, 1), 16, List.of(1.0, 1.0, .9991, .9935, .8825)),
                Arguments.of(new Midpoint(16, 1), 32, List.of(1.0, 1.0, .9999, .9992, .9900)),
                Arguments.of(new Midpoint(32, 2), 64, List.of(1.0, 1.0, 1.0, .9999, .9992)),
                Arguments.of(new Heun(16, 1), 32, List.of(1.0001, 1.0007, 1.0088, 1.0375, 1.1891)),
                Arguments.of(new Rk4(8, 1), 32, List.of(1.0, 1.0, 1.0, .9995, .9849)));
    }

    @ParameterizedTest
    @MethodSource("published")
    void the_deviation_at_the_fixed_point_is_the_published_one(OdeSolver solver, int calls, List<Double> deviations) {
        SolverBias bias = new SolverBias(solver, new Linear());
        assertThat(bias.calls()).isEqualTo(calls);
        for (int i = 0; i < SIGMAS.size(); i++) {
            assertThat(bias.deviation(new ScalarChannel(1, SIGMAS.get(i)), 1).getAsDouble())
                    .as("%s at sigma/s = %s", solver, SIGMAS.get(i))
                    .isEqualTo(deviations.get(i), within(.002));
        }
    }

    @Test
    void only_the_ratio_of_noise_and_signal_counts() {
        SolverBias bias = new SolverBias(new Euler(16, 1), new Linear());
        assertThat(bias.deviation(new ScalarChannel(1, 30), 30).getAsDouble()).isEqualTo(.9573, within(.002));
    }

    @Test
    void euler_has_no_fixed_point_above_a_critical_noise() {
        double[] critical = {1.449, 1.883, 2.419, 3.086, 3.919};
        for (int i = 0; i < critical.length; i++) {
            SolverBias bias = new SolverBias(new Euler(8 << i, 1), new Linear());
            assertThat(bias.deviation(new ScalarChannel(1, critical[i] * .99), 1)
                            .getAsDouble())
                    .isBetween(.5, .75);
            assertThat(bias.deviation(new ScalarChannel(1, critical[i] * 1.01), 1)
                            .getAsDouble())
                    .isZero();
        }
    }

    @Test
    void bias_belongs_to_the_pair_of_solver_and_schedule() {
        SolverBias bias = new SolverBias(new Euler(16, 1), new Trigonometric());
        for (double sigma : new double[] {.5, 1, 2}) {
            assertThat(bias.deviation(new ScalarChannel(1, sigma), 1).getAsDouble())
                    .isBetween(1.08, 1.19);
        }
    }

    @Test
    void half_of_a_coordinate_lost_makes_euler_lose_too() {
        ScalarChannel mask = new ScalarChannel(1, 1e-3, .5, 1);
        assertThat(new SolverBias(new Euler(16, 1), new Linear())
                        .deviation(mask, 1)
                        .getAsDouble())
                .isEqualTo(.933, within(.001));
        assertThat(new SolverBias(new Midpoint(8, 1), new Linear())
                        .deviation(mask, 1)
                        .getAsDouble())
                .isEqualTo(.9997, within(.0005));
    }

    @Test
    void a_precise_solver_has_no_bias_on_any_schedule_and_channel() {
        for (ScalarChannel channel :
                List.of(new ScalarChannel(1, 2), new ScalarChannel(.7, .5), new ScalarChannel(1, .1, .75, 1))) {
            assertThat(new SolverBias(new Dopri5(), new Linear())
                            .deviation(channel, 1)
                            .getAsDouble())
                    .isEqualTo(1, within(.002));
            assertThat(new SolverBias(new Rk4(64, 1.5), new Latent(1))
                            .deviation(channel, 1)
                            .getAsDouble())
                    .isEqualTo(1, within(.002));
            assertThat(new SolverBias(new Rk4(64, 1.5), new Trigonometric())
                            .deviation(channel, 1)
                            .getAsDouble())
                    .isEqualTo(1, within(.002));
        }
    }

    @Test
    void a_lost_coordinate_filled_with_zeros_adds_nothing_to_the_variance() {
        // v = (1 - p) s^2 for every solver, since a constant stays one
        ScalarChannel zeros = new ScalarChannel(1, 1e-3, .5, 0);
        assertThat(new SolverBias(new Rk4(32, 1.5), new Linear())
                        .deviation(zeros, 1)
                        .getAsDouble())
                .isEqualTo(Math.sqrt(.5), within(.002));
    }
}
