package dev.palimpsest.plugins.rungekutta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class FixedStepsTest {
    private static final String THREE_EIGHTHS = """
             0  |
            1/3 |  1/3
            2/3 | -1/3   1
             1  |   1   -1   1
                |  1/8  3/8 3/8 1/8
            """;

    private static final String DORMAND_PRINCE = """
              0  |
             1/5 |    1/5
            3/10 |    3/40        9/40
             4/5 |   44/45      -56/15      32/9
             8/9 | 19372/6561 -25360/2187 64448/6561 -212/729
              1  |  9017/3168   -355/33   46732/5247   49/176  -5103/18656
              1  |   35/384         0       500/1113  125/192  -2187/6784    11/84
                 |   35/384         0       500/1113  125/192  -2187/6784    11/84     0
                 | 5179/57600       0      7571/16695 393/640 -92097/339200 187/2100 1/40
            """;

    /** dX/dt = cos(t) X^2. */
    private static final VelocityField NONLINEAR = (t, x) -> x.mul(x).mul(Math.cos(t));

    /** dX/dt = 3 X (1 - X), with the solution 1 / (1 + exp(1 - 3 t)). */
    private static final VelocityField LOGISTIC = (t, x) -> x.mul(x.rsub(1)).muli(3);

    static Stream<Arguments> solvers() {
        return Stream.of(
                Arguments.of(1, (IntFunction<OdeSolver>) n -> new Euler(n, 1)),
                Arguments.of(2, (IntFunction<OdeSolver>) n -> new Midpoint(n, 1)),
                Arguments.of(2, (IntFunction<OdeSolver>) n -> new Heun(n, 1)),
                Arguments.of(4, (IntFunction<OdeSolver>) n -> new Rk4(n, 1)),
                Arguments.of(4, (IntFunction<OdeSolver>) n -> new Tableau(THREE_EIGHTHS, n, 1)),
                Arguments.of(5, (IntFunction<OdeSolver>) n -> new Tableau(DORMAND_PRINCE, n, 1)),
                Arguments.of(1, (IntFunction<OdeSolver>) n -> new Euler(n, 1.5)),
                Arguments.of(2, (IntFunction<OdeSolver>) n -> new Midpoint(n, 1.5)),
                Arguments.of(4, (IntFunction<OdeSolver>) n -> new Rk4(n, 1.5)));
    }

    private static double exact(double t) {
        return 1 / (1 + Math.exp(1 - 3 * t));
    }

    private static double errorBackwards(OdeSolver solver) {
        INDArray start = Nd4j.createFromArray(new double[][] {{exact(1)}});
        Solution solution = solver.integrate(LOGISTIC, start, 1, 0);
        assertThat(solution.x().dataType()).isEqualTo(DataType.DOUBLE);
        return Math.abs(solution.x().getDouble(0) - exact(0));
    }

    /**
     * In double precision, between 64 and 128 steps, where the smallest error is 1e-13 and rounding 1e-16. The next term of the error is of the order of
     * 3 h = 5 percent of the first; halved, it moves the slope by some hundredths, and .15 allows for it.
     */
    @ParameterizedTest
    @MethodSource("solvers")
    void the_error_falls_with_the_order_of_the_method(int order, IntFunction<OdeSolver> solver) {
        assertThat(solver.apply(8).order()).isEqualTo(order);
        double slope = Math.log(errorBackwards(solver.apply(64)) / errorBackwards(solver.apply(128))) / Math.log(2);
        assertThat(slope).isCloseTo(order, within(.15));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void there_and_back_again_is_where_it_began(int order, IntFunction<OdeSolver> solver) {
        INDArray start = Nd4j.createFromArray(new double[][] {{.5, .3}, {-.2, .1}});
        INDArray there = solver.apply(200).integrate(NONLINEAR, start, 0, 1).x();
        INDArray back = solver.apply(200).integrate(NONLINEAR, there, 1, 0).x();
        // Euler's global error is h max |X''| / 2 a way, at most about .005 here; the others' are smaller still
        assertThat(back.sub(start).amaxNumber().doubleValue()).isLessThan(order == 1 ? .01 : 1e-4);
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void the_input_is_not_modified_and_the_result_is_an_array_of_its_own(int order, IntFunction<OdeSolver> solver) {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}).muli(.1);
        INDArray before = x.dup();
        INDArray still = solver.apply(4)
                .integrate((t, state) -> Nd4j.zerosLike(state), x, 1, 0)
                .x();
        assertThat(still).isEqualTo(before);
        still.addi(1);
        assertThat(x).isEqualTo(before);
        INDArray moved = solver.apply(4).integrate(NONLINEAR, x, 1, 0).x();
        assertThat(moved.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(x).isEqualTo(before).isNotEqualTo(moved);
    }

    @Test
    void the_grid_is_the_one_minus_i_over_n_to_the_power_of_refinement() {
        List<Double> times = new ArrayList<>();
        VelocityField recording = (t, x) -> {
            times.add(t);
            return Nd4j.zerosLike(x);
        };
        Solution solution = new Euler(4, 1.5).integrate(recording, Nd4j.zeros(1, 1), 1, 0);
        assertThat(solution.steps()).isEqualTo(4);
        assertThat(times).containsExactly(1.0, Math.pow(.75, 1.5), Math.pow(.5, 1.5), .125);
        times.clear();
        new Euler(2, 2).integrate(recording, Nd4j.zeros(1, 1), 1, 3);
        assertThat(times).containsExactly(1.0, 2.5);
    }

    @Test
    void midpoint_asks_for_the_velocity_in_the_middle_of_each_step() {
        List<Double> times = new ArrayList<>();
        new Midpoint(2, 1)
                .integrate(
                        (t, x) -> {
                            times.add(t);
                            return Nd4j.zerosLike(x);
                        },
                        Nd4j.zeros(1, 1),
                        1,
                        0);
        assertThat(times).containsExactly(1.0, .75, .5, .25);
    }

    @Test
    void a_step_into_infinity_gives_up_with_the_last_finite_state() {
        VelocityField wall = (t, x) -> t < .6 ? x.div(0.0) : Nd4j.onesLike(x);
        Solution solution = new Euler(4, 1).integrate(wall, Nd4j.ones(2, 3), 1, 0);
        assertThat(solution.completed()).isFalse();
        assertThat(solution.steps()).isEqualTo(2);
        assertThat(solution.x()).isEqualTo(Nd4j.ones(2, 3).muli(.5));
    }

    @Test
    void a_linear_field_is_amplified_by_the_polynomial_of_the_method() {
        // one step of size 1 of dX/dt = X: 1 + 1, + 1/2, + 1/6 + 1/24
        INDArray one = Nd4j.ones(DataType.DOUBLE, 1, 1);
        VelocityField growth = (t, x) -> x.dup();
        assertThat(new Euler(1, 1).integrate(growth, one, 0, 1).x().getDouble(0))
                .isCloseTo(2, within(1e-14));
        assertThat(new Midpoint(1, 1).integrate(growth, one, 0, 1).x().getDouble(0))
                .isCloseTo(2.5, within(1e-14));
        assertThat(new Heun(1, 1).integrate(growth, one, 0, 1).x().getDouble(0)).isCloseTo(2.5, within(1e-14));
        assertThat(new Rk4(1, 1).integrate(growth, one, 0, 1).x().getDouble(0))
                .isCloseTo(1 + 1 + 1. / 2 + 1. / 6 + 1. / 24, within(1e-14));
    }

    @Test
    void heun_and_midpoint_differ_where_the_field_is_not_linear() {
        INDArray x = Nd4j.createFromArray(new double[][] {{.5}});
        VelocityField square = (t, state) -> Transforms.pow(state, 2);
        // Heun: (k1 + k2)/2 = (.25 + .75^2)/2; midpoint: (.625)^2
        assertThat(new Heun(1, 1).integrate(square, x, 0, 1).x().getDouble(0)).isCloseTo(.90625, within(1e-14));
        assertThat(new Midpoint(1, 1).integrate(square, x, 0, 1).x().getDouble(0))
                .isCloseTo(.890625, within(1e-14));
    }

    @Test
    void what_is_out_of_range_is_refused_with_the_name_of_the_key() {
        assertThatThrownBy(() -> new Euler(0, 1)).hasMessage("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new Rk4(4, 0)).hasMessage("refinement must be above 0, got 0.0");
        assertThatThrownBy(() -> new Tableau("0 |\n1 | 1/2\n | 1/2 1/2", 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("row 2 must sum to its node 1.0");
    }
}
