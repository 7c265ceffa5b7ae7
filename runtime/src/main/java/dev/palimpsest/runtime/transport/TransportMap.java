package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import dev.palimpsest.runtime.data.OffHeap;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The map Phi that carries observations back to clean items: Phi(y) = X_0, where dX/dt = b(t, X, conditioning of y) and X_1 = y (arXiv 2512.10857,
 * equation 2).
 */
public final class TransportMap {
    private final DriftNetwork drift;
    private final OdeSolver solver;
    private long calls;

    public TransportMap(DriftNetwork drift, OdeSolver solver) {
        this.drift = drift;
        this.solver = solver;
    }

    /**
     * Restores a batch.
     *
     * @param observations y [N, ...] and its own conditioning
     * @return x = Phi(y), a new array of y's shape
     * @throws TransportException if the solver gives up
     */
    public INDArray apply(Observations observations) {
        INDArray y = observations.y();
        Optional<INDArray> conditioning = observations.conditioning();
        long items = y.size(0);
        List<WeakReference<INDArray>> passing = new ArrayList<>();
        INDArray times = Nd4j.createUninitialized(y.dataType(), items);
        VelocityField b = (t, x) -> {
            calls += items;
            INDArray velocity = drift.velocity(times.assign(t), x, conditioning);
            passing.add(new WeakReference<>(x));
            passing.add(new WeakReference<>(velocity));
            return velocity;
        };
        Solution solution = solver.integrate(b, y, 1, 0);
        times.close();
        free(passing, y, solution.x());
        if (!solution.completed()) {
            throw new TransportException(
                    "the solver " + solver + " gave up after " + solution.steps()
                            + " steps between t = 1 and t = 0; allow it more steps or larger tolerances, or use a solver with fixed steps");
        }
        return solution.x();
    }

    /**
     * Frees the states and velocities of a solution that Java has not collected yet. A drift keeps nothing of either, so that they are the solver's alone,
     * which has come back; but what it was given, or returns, may be among them.
     */
    private static void free(List<WeakReference<INDArray>> passing, INDArray given, INDArray returned) {
        for (WeakReference<INDArray> reference : passing) {
            INDArray array = reference.get();
            if (array != null && !array.wasClosed() && !shareMemory(array, given) && !shareMemory(array, returned)) {
                OffHeap.free(array);
            }
        }
    }

    private static boolean shareMemory(INDArray one, INDArray other) {
        return one.data().sameUnderlyingData(other.data());
    }

    /** How many times the drift has been evaluated for one item, over all items and calls so far. */
    public long calls() {
        return calls;
    }
}
