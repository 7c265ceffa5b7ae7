package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.KernelTime;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers, on one flat vector of weights and into one of their gradients: for each layer W [out, in], then b [out]. */
interface Perceptron {
    /** Where the gradients shall be: called once, before the first {@link #squaredError}. */
    void holdGradient(INDArray gradient);

    /** The output [N, out], a new array, for rows [N, in]. */
    INDArray forward(INDArray rows);

    /** The mean of (output - target)^2, with target [N, out]; sets the gradients. */
    double squaredError(INDArray rows, INDArray target);

    /** Where the time of the last {@link #squaredError} went, if that is known. */
    default List<KernelTime> times() {
        return List.of();
    }
}
