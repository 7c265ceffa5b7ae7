package dev.palimpsest.plugins.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.ServiceLoader;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulesTest {
    private static final double[] INSIDE = {.01, .1, .3, .5, .77, .99};

    static Stream<InterpolantSchedule> schedules() {
        return ServiceLoader.load(InterpolantSchedule.class).stream().map(ServiceLoader.Provider::get);
    }

    @Test
    void the_four_schedules_are_found() {
        assertThat(schedules())
                .containsExactly(new Linear(), new Trigonometric(), new Latent(.5), new BrownianBridge(.5, 1e-3));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void the_ends_are_exactly_x0_and_x1(InterpolantSchedule schedule) {
        assertThat(schedule.alpha(0)).isEqualTo(1);
        assertThat(schedule.beta(1)).isEqualTo(1);
        assertThat(schedule.alpha(1)).isZero();
        assertThat(schedule.beta(0)).isZero();
        assertThat(schedule.gamma(0)).isZero();
        assertThat(schedule.gamma(1)).isZero();
    }

    /** The central difference over 2e-6 has an error of h^2 f''' / 6, below 1e-6 at .01 for the bridge, and of rounding, 1e-10. */
    @ParameterizedTest
    @MethodSource("schedules")
    void the_derivatives_agree_with_finite_differences(InterpolantSchedule schedule) {
        for (double t : INSIDE) {
            assertThat(schedule.alphaDot(t)).isCloseTo(difference(schedule::alpha, t), within(1e-6));
            assertThat(schedule.betaDot(t)).isCloseTo(difference(schedule::beta, t), within(1e-6));
            assertThat(schedule.gammaDot(t)).isCloseTo(difference(schedule::gamma, t), within(1e-6));
        }
    }

    private static double difference(DoubleUnaryOperator f, double t) {
        double h = 1e-6;
        return (f.applyAsDouble(t + h) - f.applyAsDouble(t - h)) / (2 * h);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void gamma_gamma_dot_is_the_product_and_finite_also_at_the_ends(InterpolantSchedule schedule) {
        for (double t : INSIDE) {
            assertThat(schedule.gammaGammaDot(t)).isCloseTo(schedule.gamma(t) * schedule.gammaDot(t), within(1e-15));
        }
        assertThat(schedule.gammaGammaDot(0)).isFinite();
        assertThat(schedule.gammaGammaDot(1)).isFinite();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void derivatives_are_finite_where_the_margin_allows_t(InterpolantSchedule schedule) {
        for (double t : new double[] {schedule.margin(), 1 - schedule.margin()}) {
            assertThat(schedule.alphaDot(t)).isFinite();
            assertThat(schedule.betaDot(t)).isFinite();
            assertThat(schedule.gammaDot(t)).isFinite();
        }
    }

    @Test
    void the_closed_forms_hold() {
        assertThat(new Trigonometric().alpha(.5)).isCloseTo(Math.sqrt(.5), within(1e-15));
        assertThat(new Trigonometric().beta(1. / 3)).isCloseTo(.5, within(1e-15));
        assertThat(new Latent(.8).gamma(.5)).isCloseTo(.2, within(1e-15));
        assertThat(new BrownianBridge(2, .01).gamma(.5)).isCloseTo(Math.sqrt(2), within(1e-15));
        assertThat(new BrownianBridge(2, .01).gammaGammaDot(0)).isEqualTo(4);
        assertThat(new BrownianBridge(2, .01).gammaGammaDot(1)).isEqualTo(-4);
        assertThat(new BrownianBridge(2, .01).margin()).isEqualTo(.01);
    }

    @Test
    void a_negative_gamma_is_refused() {
        assertThatThrownBy(() -> new Latent(-1)).hasMessage("gamma must be at least 0, got -1.0");
        assertThatThrownBy(() -> new BrownianBridge(1, 0)).hasMessage("margin must be above 0 and below 0.5, got 0.0");
    }
}
