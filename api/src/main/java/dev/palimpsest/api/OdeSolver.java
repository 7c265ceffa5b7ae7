package dev.palimpsest.api;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Solves dX/dt = b(t, X). Fixed-step and adaptive solvers both fit. */
public interface OdeSolver {
    /**
     * Integrates from one time to another, which may be earlier.
     *
     * @param x the state [N, ...] at time {@code from}; must not be modified
     * @return the state at time {@code to}, or the last one reached, and which of the two it is
     */
    Solution integrate(VelocityField b, INDArray x, double from, double to);

    /** The order p of convergence: the global error is O(h^p). */
    int order();
}
