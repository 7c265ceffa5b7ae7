package dev.palimpsest.testkit;

import java.util.function.UnaryOperator;

/** A drift b(t, x, conditioning) in double precision. */
@FunctionalInterface
public interface ExactVelocity {
    /**
     * The drift at one time and for one conditioning, as a map of the flattened item x [d] to the velocity [d].
     *
     * @param conditioning flattened; empty if nothing is known
     */
    UnaryOperator<double[]> at(double t, double[] conditioning);
}
