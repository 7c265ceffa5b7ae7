package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A solver, tried on equations whose solutions are known. */
record SolverTrial(OdeSolver solver) {
    static final VelocityField OSCILLATION = oscillation(2);

    /** Below this, float32 decides and not the solver. */
    private static final double ROUNDING = 3e-5;

    private static final double VISIBLE = .05;

    static INDArray state() {
        return Values.items(3, new long[] {2}, 1);
    }

    /** X' = w cos(w t) X, of solution X(t) = X(s) exp(sin(w t) - sin(w s)). */
    private static VelocityField oscillation(double w) {
        return (t, x) -> x.mul(w * Math.cos(w * t));
    }

    static float[] arrival(OdeSolver solver, int seed) {
        INDArray x = Values.items(16, new long[] {3}, seed);
        return Values.of(new SolverTrial(solver).solve(OSCILLATION, x, 1, 0).x());
    }

    Solution solve(VelocityField b, INDArray x, double from, double to) {
        Solution solution = solver.integrate(b, x, from, to);
        require(solution != null, "expected a solution, got null");
        Values.requireShape("a state", solution.x(), x.shape());
        return solution;
    }

    /** Within 1e-4 of the largest value: float32 rounds by 6e-8 at each of some hundred steps. */
    void requireExactForAConstant(double from, double to) {
        INDArray x = state();
        INDArray velocity = Values.items(3, new long[] {2}, 2).muli(2);
        Solution solution = solve((t, state) -> velocity.dup(), x, from, to);
        require(solution.completed(), "gave up on a constant velocity from " + from + " to " + to);
        double error = Values.largestDifference(Values.of(x.add(velocity.mul(to - from))), Values.of(solution.x()));
        require(
                error <= 1e-4 * 3,
                "expected x + (" + to + " - " + from + ") b for a constant velocity b, got a state that differs by "
                        + error + ": steps must add up to the whole interval, with its sign");
    }

    void requireOrder() {
        if (isAdaptive()) {
            for (double w : new double[] {3, 12}) {
                double error = error(w, 1);
                require(
                        error < VISIBLE,
                        "expected a solver that chooses its steps to keep the error on X' = w cos(w t) X, w = " + w
                                + ", below 5 %, got " + 100 * error + " %");
            }
            return;
        }
        double w = 1;
        while (error(w, 1) < VISIBLE && w < 1000) {
            w *= 1.3;
        }
        double coarse = largestError(w, 2);
        double fine = largestError(w, 4);
        double order = Math.log(coarse / fine) / Math.log(2);
        require(
                order >= solver.order() - .6 || fine <= ROUNDING,
                "expected steps of a half to divide the error by about 2^" + solver.order()
                        + ", as order() says, got an error of " + coarse + ", then " + fine + ": an order of "
                        + Math.round(order * 10) / 10.);
    }

    private boolean isAdaptive() {
        return solve(oscillation(1), state(), 1, 0).steps()
                != solve(oscillation(12), state(), 1, 0).steps();
    }

    /** Over three frequencies, because at one of them the leading term of the error may vanish. */
    private double largestError(double w, int pieces) {
        return Math.max(error(w, pieces), Math.max(error(1.17 * w, pieces), error(1.36 * w, pieces)));
    }

    private double error(double w, int pieces) {
        INDArray x = state();
        INDArray expected = x.mul(Math.exp(-Math.sin(w)));
        for (int piece = pieces; piece > 0; piece--) {
            Solution solution = solve(oscillation(w), x, (double) piece / pieces, (piece - 1.) / pieces);
            require(solution.completed(), "gave up on X' = w cos(w t) X, w = " + w);
            x = solution.x();
        }
        return Values.largestDifference(Values.of(x), Values.of(expected)) / Values.largest(Values.of(expected));
    }
}
