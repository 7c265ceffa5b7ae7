package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What {@link InterpolantSchedule} promises. */
public interface ScheduleContract {
    InterpolantSchedule schedule();

    @Test
    default void a_schedule_is_a_public_record_with_defaults() {
        Declaration.requirePublicRecordWithDefaults(schedule());
    }

    @Test
    default void a_schedule_refuses_values_out_of_range() {
        Declaration.requireRangesEnforced(schedule());
    }

    /** Within 1e-9, which rounding in double precision leaves room for. */
    @Test
    default void a_schedule_starts_at_the_clean_item() {
        InterpolantSchedule schedule = schedule();
        ScheduleTrial.requireValue("alpha", schedule::alpha, 0, 1);
        ScheduleTrial.requireValue("beta", schedule::beta, 0, 0);
        ScheduleTrial.requireValue("gamma", schedule::gamma, 0, 0);
    }

    /** Within 1e-9, which rounding in double precision leaves room for. */
    @Test
    default void a_schedule_ends_at_the_observed_item() {
        InterpolantSchedule schedule = schedule();
        ScheduleTrial.requireValue("alpha", schedule::alpha, 1, 0);
        ScheduleTrial.requireValue("beta", schedule::beta, 1, 1);
        ScheduleTrial.requireValue("gamma", schedule::gamma, 1, 0);
    }

    @Test
    default void alphaDot_is_the_derivative_of_alpha() {
        ScheduleTrial.requireDerivative("alpha", schedule()::alpha, schedule()::alphaDot);
    }

    @Test
    default void betaDot_is_the_derivative_of_beta() {
        ScheduleTrial.requireDerivative("beta", schedule()::beta, schedule()::betaDot);
    }

    @Test
    default void gammaDot_is_the_derivative_of_gamma() {
        ScheduleTrial.requireDerivative("gamma", schedule()::gamma, schedule()::gammaDot);
    }

    @Test
    default void gammaGammaDot_is_the_product_of_gamma_and_gammaDot() {
        InterpolantSchedule schedule = schedule();
        for (double t : ScheduleTrial.INSIDE) {
            double product = schedule.gamma(t) * schedule.gammaDot(t);
            require(
                    Math.abs(schedule.gammaGammaDot(t) - product) <= 1e-9 * (1 + Math.abs(product)),
                    "expected gammaGammaDot(" + t + ") = gamma gammaDot = " + product + ", got "
                            + schedule.gammaGammaDot(t));
        }
    }

    /** gammaDot alone may be infinite nearer to 0 and 1 than the margin. */
    @Test
    default void a_schedule_is_finite_wherever_it_is_asked() {
        InterpolantSchedule schedule = schedule();
        for (int i = 0; i <= 100; i++) {
            double t = i / 100.;
            ScheduleTrial.requireFinite("alpha", schedule::alpha, t);
            ScheduleTrial.requireFinite("beta", schedule::beta, t);
            ScheduleTrial.requireFinite("gamma", schedule::gamma, t);
            ScheduleTrial.requireFinite("gammaGammaDot", schedule::gammaGammaDot, t);
            double inside = schedule.margin() + t * (1 - 2 * schedule.margin());
            for (DoubleUnaryOperator derivative :
                    new DoubleUnaryOperator[] {schedule::alphaDot, schedule::betaDot, schedule::gammaDot}) {
                ScheduleTrial.requireFinite("a derivative", derivative, inside);
            }
        }
    }

    @Test
    default void the_margin_of_a_schedule_leaves_room_inside() {
        double margin = schedule().margin();
        require(margin >= 0 && margin < .5, "expected a margin of at least 0 and below 0.5, got " + margin);
    }
}
