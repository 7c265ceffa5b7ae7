package dev.palimpsest.api;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The right-hand side b(t, X) of dX/dt = b(t, X). */
@FunctionalInterface
public interface VelocityField {
    /** The velocity at one time t for all items x [N, ...], which it does not modify; the result is a new array of the same shape. */
    INDArray at(double t, INDArray x);
}
