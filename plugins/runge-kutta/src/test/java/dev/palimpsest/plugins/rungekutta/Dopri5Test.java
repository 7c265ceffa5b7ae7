package dev.palimpsest.plugins.rungekutta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.concurrent.atomic.AtomicInteger;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;
import org.hipparchus.ode.sampling.ODEStateInterpolator;
import org.hipparchus.ode.sampling.ODEStepHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dopri5Test {
    private static final VelocityField SQUARE = (t, x) -> x.mul(x);

    /** Lotka and Volterra's predators and prey, and a forcing in t. */
    private static double[] predators(double t, double[] x) {
        return new double[] {x[0] * (1.5 - x[1]) + .1 * Math.sin(t), x[1] * (x[0] - 3)};
    }

    @ParameterizedTest
    @CsvSource({"1e-5, 1e-6, 0, 8", "1e-8, 1e-9, 0, 8", "1e-8, 1e-9, 5, 0"})
    void it_agrees_with_hipparchus_at_equal_tolerance(double relative, double absolute, double from, double to) {
        double[] start = {4, 2};
        AtomicInteger theirSteps = new AtomicInteger();
        double[] theirs = hipparchus(relative, absolute, from, to, start, theirSteps);
        double[] truth = hipparchus(1e-13, 1e-13, from, to, start, new AtomicInteger());
        Solution solution = new Dopri5(relative, absolute, 10_000)
                .integrate(
                        (t, x) -> Nd4j.createFromArray(new double[][] {predators(t, x.toDoubleVector())}),
                        Nd4j.createFromArray(new double[][] {start}),
                        from,
                        to);
        assertThat(solution.completed()).isTrue();
        assertThat((double) solution.steps()).isBetween(theirSteps.get() / 1.5, theirSteps.get() * 1.5);
        double ours = distance(solution.x().toDoubleVector(), truth);
        double their = distance(theirs, truth);
        // Both controllers keep the error of a step at the tolerance; what the problem makes of it is theirs as much as
        // ours.
        assertThat(ours).isLessThan(3 * their + 10 * absolute);
    }

    private static double[] hipparchus(
            double relative, double absolute, double from, double to, double[] start, AtomicInteger steps) {
        DormandPrince54Integrator integrator = new DormandPrince54Integrator(1e-12, 100, absolute, relative);
        integrator.addStepHandler(new ODEStepHandler() {
            @Override
            public void handleStep(ODEStateInterpolator step) {
                steps.incrementAndGet();
            }
        });
        OrdinaryDifferentialEquation equation = new OrdinaryDifferentialEquation() {
            @Override
            public int getDimension() {
                return 2;
            }

            @Override
            public double[] computeDerivatives(double t, double[] x) {
                return predators(t, x);
            }
        };
        return integrator.integrate(equation, new ODEState(from, start), to).getPrimaryState();
    }

    private static double distance(double[] p, double[] q) {
        return Math.hypot(p[0] - q[0], p[1] - q[1]);
    }

    /** The error of a step is h^6 and the number of steps h^-1: with an error per step held at the tolerance, steps grow as tolerance^(-1/5). */
    @Test
    void its_order_is_five_and_its_steps_grow_accordingly() {
        assertThat(new Dopri5().order()).isEqualTo(5);
        double coarse = steps(1e-6);
        double fine = steps(1e-11);
        assertThat(Math.log(fine / coarse) / Math.log(1e5)).isCloseTo(.2, within(.03));
    }

    private static int steps(double tolerance) {
        return new Dopri5(0, tolerance, 10_000)
                .integrate(
                        (t, x) -> Nd4j.createFromArray(new double[][] {predators(t, x.toDoubleVector())}),
                        Nd4j.createFromArray(new double[][] {{4, 2}}),
                        0,
                        20)
                .steps();
    }

    /** Beyond the pole at t = 1 of the solution 1 / (1 - t). */
    @Test
    void it_gives_up_before_a_pole() {
        INDArray start = Nd4j.ones(DataType.DOUBLE, 1, 1);
        Solution solution = new Dopri5().integrate(SQUARE, start, 0, 2);
        assertThat(solution.completed()).isFalse();
        assertThat(solution.x().getDouble(0)).isFinite().isGreaterThan(1e6);
        Solution single = new Dopri5().integrate(SQUARE, Nd4j.ones(1, 1), 0, 2);
        assertThat(single.completed()).isFalse();
        assertThat(single.x().getDouble(0)).isFinite().isGreaterThan(1e6);
    }

    @Test
    void it_gives_up_after_as_many_trials_as_it_may_make() {
        Solution solution =
                new Dopri5(1e-5, 1e-6, 3).integrate((t, x) -> x.mul(-50 * Math.cos(50 * t)), Nd4j.ones(1, 1), 0, 10);
        assertThat(solution.completed()).isFalse();
        assertThat(solution.steps()).isBetween(1, 3);
    }

    @Test
    void a_field_that_is_not_a_number_is_given_up_at_the_first_state() {
        INDArray x = Nd4j.ones(2, 2);
        Solution solution = new Dopri5()
                .integrate((t, state) -> Nd4j.valueArrayOf(state.shape(), Float.NaN, DataType.FLOAT), x, 1, 0);
        assertThat(solution.completed()).isFalse();
        assertThat(solution.steps()).isZero();
        assertThat(solution.x()).isEqualTo(x).isNotSameAs(x);
    }

    @Test
    void single_precision_is_enough_for_the_default_tolerances() {
        INDArray start = Nd4j.createFromArray(new float[][] {{1}, {2}, {-3}});
        INDArray before = start.dup();
        Solution solution = new Dopri5().integrate((t, x) -> x.mul(2 * t), start, 1, 0);
        assertThat(solution.completed()).isTrue();
        assertThat(solution.x().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(start).isEqualTo(before);
        // X(0) = X(1) / e; a few dozen steps of relative error 1e-5 at most
        assertThat(solution.x().sub(start.mul(Math.exp(-1))).amaxNumber().doubleValue())
                .isLessThan(1e-4);
    }

    @Test
    void a_field_that_is_zero_takes_few_steps_and_no_time_takes_none() {
        INDArray x = Nd4j.ones(2, 2);
        VelocityField rest = (t, state) -> Nd4j.zerosLike(state);
        Solution solution = new Dopri5().integrate(rest, x, 1, 0);
        assertThat(solution.x()).isEqualTo(x);
        // the first step is 1e-6, each next one ten times longer
        assertThat(solution.steps()).isEqualTo(7);
        assertThat(new Dopri5().integrate(rest, x, 1, 1)).isEqualTo(new Solution(x, 0, true));
    }
}
