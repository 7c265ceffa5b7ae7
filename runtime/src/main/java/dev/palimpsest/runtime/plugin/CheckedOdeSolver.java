package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A solver whose results are checked. */
final class CheckedOdeSolver implements OdeSolver {
    private final OdeSolver solver;
    private final Guard guard;

    CheckedOdeSolver(OdeSolver solver, Guard guard) {
        this.solver = solver;
        this.guard = guard;
    }

    /** A solution that is not finite because the velocity was not is returned as one that was not completed. */
    @Override
    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
        WatchedField field = new WatchedField(b);
        Solution solution;
        try {
            solution = guard.callWith(x, () -> solver.integrate(field, x, from, to));
        } catch (PluginException fault) {
            field.rethrow();
            throw fault;
        }
        INDArray reached = guard.array("a state", solution.x(), x.shape());
        guard.requireOwn(reached, x);
        boolean completed = solution.completed() && (field.finite || Guard.finite(reached));
        if (completed) {
            guard.requireFinite("", reached);
        }
        return new Solution(reached, solution.steps(), completed);
    }

    /** As the solver is called. */
    @Override
    public String toString() {
        return solver.toString();
    }

    @Override
    public int order() {
        int order = guard.call(solver::order);
        if (order < 1) {
            throw guard.fault("expected an order of at least 1, got " + order);
        }
        return order;
    }

    /** What the velocity field throws or makes not finite is not the solver's fault. */
    private static final class WatchedField implements VelocityField {
        private final VelocityField b;
        private final ClassLoader context = Thread.currentThread().getContextClassLoader();
        private boolean finite = true;
        private Throwable thrown;

        WatchedField(VelocityField b) {
            this.b = b;
        }

        @Override
        public INDArray at(double t, INDArray x) {
            try {
                INDArray velocity = Context.of(context, () -> b.at(t, x));
                finite = finite && Guard.finite(velocity);
                return velocity;
            } catch (RuntimeException | Error notTheSolversFault) {
                thrown = notTheSolversFault;
                throw notTheSolversFault;
            }
        }

        void rethrow() {
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
        }
    }
}
