package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link OdeSolver} promises. */
public interface SolverContract {
    OdeSolver solver();

    @Test
    default void a_solver_is_a_public_record_with_defaults() {
        Declaration.requirePublicRecordWithDefaults(solver());
    }

    @Test
    default void a_solver_refuses_values_out_of_range() {
        Declaration.requireRangesEnforced(solver());
    }

    @Test
    default void a_solver_has_an_order_of_at_least_one() {
        require(solver().order() >= 1, "expected an order of at least 1, got " + solver().order());
    }

    @Test
    default void a_solver_arrives_where_a_constant_velocity_leads_backward_in_time() {
        new SolverTrial(solver()).requireExactForAConstant(1, 0);
        new SolverTrial(solver()).requireExactForAConstant(.7, .2);
    }

    @Test
    default void a_solver_arrives_where_a_constant_velocity_leads_forward_in_time() {
        new SolverTrial(solver()).requireExactForAConstant(0, 1);
        new SolverTrial(solver()).requireExactForAConstant(.2, .7);
    }

    @Test
    default void a_solver_stays_where_it_is_if_no_time_passes() {
        INDArray x = SolverTrial.state();
        Solution solution = new SolverTrial(solver()).solve((t, state) -> state.dup(), x, .5, .5);
        require(
                solution.completed()
                        && Values.largestDifference(Values.of(x), Values.of(solution.x()))
                                <= 1e-6 * Values.largest(Values.of(x)),
                "expected x itself from an integration from 0.5 to 0.5, got one that "
                        + (solution.completed()
                                ? "differs by " + Values.largestDifference(Values.of(x), Values.of(solution.x()))
                                : "was not completed"));
    }

    /**
     * The error on X' = w cos(w t) X, with a w at which it is large enough to be seen in float32, when the interval is cut into 2 and into 4 pieces, each solved in turn:
     * steps of a half must leave 2^-order of it. Where the number of steps follows the velocity, an error below 5 % is asked for, as tolerances are the solver's own.
     */
    @Test
    default void the_error_of_a_solver_falls_as_its_order_says() {
        new SolverTrial(solver()).requireOrder();
    }

    @Test
    default void a_solver_leaves_its_first_state_as_it_was() {
        INDArray x = SolverTrial.state();
        float[] before = Values.of(x);
        new SolverTrial(solver()).solve(SolverTrial.OSCILLATION, x, 1, 0);
        require(
                Arrays.equals(before, Values.of(x)),
                "integrate modified its input by up to " + Values.largestDifference(before, Values.of(x))
                        + ": work on a copy, x.dup()");
    }

    @Test
    default void the_state_a_solver_returns_is_an_array_of_its_own() {
        for (double to : new double[] {0, 1}) {
            INDArray x = SolverTrial.state();
            float[] before = Values.of(x);
            INDArray reached = new SolverTrial(solver())
                    .solve(SolverTrial.OSCILLATION, x, 1, to)
                    .x();
            float[] arrived = Values.of(reached);
            new SolverTrial(solver())
                    .solve(SolverTrial.OSCILLATION, SolverTrial.state().muli(2), 1, to);
            require(
                    Arrays.equals(arrived, Values.of(reached)),
                    "a second call of integrate changed what the first had returned: return a new array at every call");
            reached.assign(7);
            require(
                    Arrays.equals(before, Values.of(x)),
                    "writing to the state that integrate(from 1 to " + to + ") returned changed x: return a new array");
        }
    }

    @Test
    default void a_solver_takes_states_of_any_shape() {
        for (long[] shape : new long[][] {{1, 1}, {3, 2}, {2, 3, 4, 4}}) {
            INDArray x = Values.items(1, shape, 1).reshape('c', shape);
            Solution solution = new SolverTrial(solver()).solve(SolverTrial.OSCILLATION, x, 1, 0);
            Values.requireShape("a state", solution.x(), shape);
            Values.requireFinite("a state", solution.x());
        }
    }

    @Test
    default void a_solver_counts_its_steps() {
        Solution solution = new SolverTrial(solver()).solve(SolverTrial.OSCILLATION, SolverTrial.state(), 1, 0);
        require(solution.steps() >= 1, "expected at least 1 accepted step from 1 to 0, got " + solution.steps());
    }

    @Test
    default void a_solver_comes_back_from_a_velocity_that_is_not_finite() {
        VelocityField broken = (t, x) -> x.dup().assign(Float.NaN);
        INDArray x = SolverTrial.state();
        Threads.within(10, () -> new SolverTrial(solver()).solve(broken, x, 1, 0));
    }

    @Test
    default void a_solver_arrives_at_the_same_state_on_several_threads() {
        OdeSolver solver = solver();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            expected.add(SolverTrial.arrival(solver, i));
        }
        List<Boolean> same = Threads.together(4, i -> {
            boolean kept = true;
            for (int repeat = 0; repeat < 4; repeat++) {
                kept &= Arrays.equals(expected.get(i), SolverTrial.arrival(solver, i));
            }
            return kept;
        });
        require(
                !same.contains(false),
                "4 threads that solve at once arrived elsewhere than one thread: keep no state in fields, and share no"
                        + " buffers between calls");
    }
}
