package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Range;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleContractTest {
    private record Trial(InterpolantSchedule schedule) implements ScheduleContract {}

    /** (1 - t^2) x0 + t^2 x1 + t (1 - t) z: it keeps all promises, and those below change one function of it each. */
    interface Parabola extends InterpolantSchedule {
        @Override
        default double alpha(double t) {
            return 1 - t * t;
        }

        @Override
        default double alphaDot(double t) {
            return -2 * t;
        }

        @Override
        default double beta(double t) {
            return t * t;
        }

        @Override
        default double betaDot(double t) {
            return 2 * t;
        }

        @Override
        default double gamma(double t) {
            return t * (1 - t);
        }

        @Override
        default double gammaDot(double t) {
            return 1 - 2 * t;
        }
    }

    public record Sound() implements Parabola {}

    public record Hidden(int power) implements Parabola {}

    public record AnyMargin(@Range(min = 0) double margin) implements Parabola {
        public AnyMargin() {
            this(.5);
        }
    }

    public record NeverClean() implements Parabola {
        @Override
        public double gamma(double t) {
            return .1 + t * (1 - t);
        }
    }

    public record NeverObserved() implements Parabola {
        @Override
        public double alpha(double t) {
            return 1.01 - t * t;
        }
    }

    public record WrongAlphaDot() implements Parabola {
        @Override
        public double alphaDot(double t) {
            return 2 * t;
        }
    }

    public record WrongBetaDot() implements Parabola {
        @Override
        public double betaDot(double t) {
            return 2 * t + .01;
        }
    }

    public record ForgottenGammaDot() implements Parabola {
        @Override
        public double gammaDot(double t) {
            return 0;
        }
    }

    public record WrongProduct() implements Parabola {
        @Override
        public double gammaGammaDot(double t) {
            return 1;
        }
    }

    /** gamma = sqrt(t (1 - t)) without a margin and with gammaGammaDot left to the default, which is 0 times infinity at the ends. */
    public record Bridge() implements Parabola {
        @Override
        public double gamma(double t) {
            return Math.sqrt(t * (1 - t));
        }

        @Override
        public double gammaDot(double t) {
            return (1 - 2 * t) / (2 * gamma(t));
        }
    }

    @Nested
    class ASoundSchedule implements ScheduleContract {
        @Override
        public InterpolantSchedule schedule() {
            return new Sound();
        }
    }

    static Stream<Broken<InterpolantSchedule>> broken() {
        return Stream.of(
                new Broken<>(
                        new Hidden(2), "a schedule is a public record with defaults", "no public constructor without"),
                new Broken<>(
                        new AnyMargin(),
                        "a schedule refuses values out of range",
                        "expected AnyMargin to refuse margin = NaN"),
                new Broken<>(
                        new NeverClean(), "a schedule starts at the clean item", "expected gamma(0.0) = 0.0, got 0.1"),
                new Broken<>(
                        new NeverObserved(),
                        "a schedule ends at the observed item",
                        "expected alpha(1.0) = 0.0, got 0.01"),
                new Broken<>(
                        new WrongAlphaDot(),
                        "alphaDot is the derivative of alpha",
                        "the central difference of alpha, got 0.12"),
                new Broken<>(new WrongBetaDot(), "betaDot is the derivative of beta", "expected betaDot(0.06) = 0.1"),
                new Broken<>(
                        new ForgottenGammaDot(),
                        "gammaDot is the derivative of gamma",
                        "the central difference of gamma, got 0.0"),
                new Broken<>(
                        new WrongProduct(),
                        "gammaGammaDot is the product of gamma and gammaDot",
                        "expected gammaGammaDot(0.06) = gamma gammaDot = 0.0496"),
                new Broken<>(
                        new Bridge(),
                        "a schedule is finite wherever it is asked",
                        "give a margin(), and gammaGammaDot as one product"),
                new Broken<>(
                        new AnyMargin(),
                        "the margin of a schedule leaves room inside",
                        "expected a margin of at least 0 and below 0.5, got 0.5"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<InterpolantSchedule> broken) {
        broken.isNoticed(ScheduleContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(ScheduleContract.class, new Trial(new Sound()), broken().toList());
    }
}
