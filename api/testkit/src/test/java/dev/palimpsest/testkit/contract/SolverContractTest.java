package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class SolverContractTest {
    private record Trial(OdeSolver solver) implements SolverContract {}

    private static Solution euler(VelocityField b, INDArray x, double from, double to, int steps) {
        INDArray state = x.dup();
        double h = (to - from) / steps;
        for (int i = 0; i < steps; i++) {
            state.addi(b.at(from + i * h, state).mul(h));
        }
        return new Solution(state, steps, true);
    }

    /** Euler's method in ten steps: it keeps all promises, and those below break one each. */
    interface Euler extends OdeSolver {
        @Override
        default Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return euler(b, x, from, to, 10);
        }

        @Override
        default int order() {
            return 1;
        }
    }

    public record Sound() implements Euler {}

    public record Hidden(int steps) implements Euler {}

    public record Unchecked(@Range(min = 1) int steps) implements Euler {
        public Unchecked() {
            this(1);
        }
    }

    public record NoOrder() implements Euler {
        @Override
        public int order() {
            return 0;
        }
    }

    public record AlwaysBackward() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return euler(b, x, from, from - Math.abs(to - from), 10);
        }
    }

    public record AlwaysForward() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return euler(b, x, from, from + Math.abs(to - from), 10);
        }
    }

    /** Divides by the length of the interval. */
    public record Relative() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            Solution solution = euler(b, x, from, to, 10);
            double length = to - from;
            return new Solution(solution.x().mul(length).div(length), 10, true);
        }
    }

    public record Boastful() implements Euler {
        @Override
        public int order() {
            return 2;
        }
    }

    /** Takes as many steps as the first velocity asks for, and too few. */
    public record CarelessAdaptive() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            double speed = Values.largest(Values.of(b.at(from, x)));
            return euler(b, x, from, to, 1 + (int) (speed * speed));
        }
    }

    public record InPlace() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            x.assign(euler(b, x, from, to, 10).x());
            return new Solution(x.dup(), 10, true);
        }
    }

    public record LazyCopy() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return from == to ? new Solution(x, 0, true) : euler(b, x, from, to, 10);
        }
    }

    public record Buffered() implements Euler {
        private static INDArray buffer;

        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            INDArray arrived = euler(b, x, from, to, 10).x();
            buffer = buffer != null && buffer.equalShapes(arrived) ? buffer.assign(arrived) : arrived;
            return new Solution(buffer, 10, true);
        }
    }

    public record Rows() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            Solution solution = euler(b, x, from, to, 10);
            return new Solution(solution.x().reshape(x.size(0), x.length() / x.size(0)), 10, true);
        }
    }

    public record Uncounted() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return new Solution(euler(b, x, from, to, 10).x(), 0, true);
        }
    }

    /** Waits, for a velocity that gets better, until its thread is interrupted. */
    public record Stubborn() implements Euler {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            while (Double.isNaN(b.at(from, x).getDouble(0))) {
                if (Thread.interrupted()) {
                    throw new IllegalStateException("interrupted");
                }
            }
            return euler(b, x, from, to, 10);
        }
    }

    public record Racing() implements Euler {
        private static final Shelf<INDArray> SHELF = new Shelf<>();

        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return new Solution(SHELF.through(euler(b, x, from, to, 10).x()), 10, true);
        }
    }

    @Nested
    class ASoundSolver implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Sound();
        }
    }

    static Stream<Broken<OdeSolver>> broken() {
        return Stream.of(
                new Broken<>(
                        new Hidden(2), "a solver is a public record with defaults", "no public constructor without"),
                new Broken<>(
                        new Unchecked(),
                        "a solver refuses values out of range",
                        "expected Unchecked to refuse steps = 0"),
                new Broken<>(
                        new NoOrder(),
                        "a solver has an order of at least one",
                        "expected an order of at least 1, got 0"),
                new Broken<>(
                        new AlwaysForward(),
                        "a solver arrives where a constant velocity leads backward in time",
                        "expected x + (0.0 - 1.0) b for a constant velocity b"),
                new Broken<>(
                        new AlwaysBackward(),
                        "a solver arrives where a constant velocity leads forward in time",
                        "steps must add up to the whole interval, with its sign"),
                new Broken<>(
                        new Relative(),
                        "a solver stays where it is if no time passes",
                        "expected x itself from an integration from 0.5 to 0.5, got one that differs by"),
                new Broken<>(
                        new Boastful(),
                        "the error of a solver falls as its order says",
                        "expected steps of a half to divide the error by about 2^2, as order() says"),
                new Broken<>(
                        new CarelessAdaptive(),
                        "the error of a solver falls as its order says",
                        "expected a solver that chooses its steps to keep the error"),
                new Broken<>(new InPlace(), "a solver leaves its first state as it was", "work on a copy, x.dup()"),
                new Broken<>(
                        new LazyCopy(),
                        "the state a solver returns is an array of its own",
                        "writing to the state that integrate(from 1 to 1.0) returned changed x"),
                new Broken<>(
                        new Buffered(),
                        "the state a solver returns is an array of its own",
                        "return a new array at every call"),
                new Broken<>(
                        new Rows(),
                        "a solver takes states of any shape",
                        "expected a state of shape [2, 3, 4, 4], got [2, 48]"),
                new Broken<>(
                        new Uncounted(),
                        "a solver counts its steps",
                        "expected at least 1 accepted step from 1 to 0, got 0"),
                new Broken<>(
                        new Stubborn(),
                        "a solver comes back from a velocity that is not finite",
                        "did not come back within 10 s"),
                new Broken<>(
                        new Racing(),
                        "a solver arrives at the same state on several threads",
                        "4 threads that solve at once arrived elsewhere than one thread"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<OdeSolver> broken) {
        broken.isNoticed(SolverContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(SolverContract.class, new Trial(new Sound()), broken().toList());
    }
}
