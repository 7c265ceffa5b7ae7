package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.KernelTime;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers, on one flat vector of weights and into one of their gradients: for each layer W [out, in], then b [out]. */
interface Perceptron {
    /** Where the gradients shall be: called once, before the first {@link #squaredError}. */
    void holdGradient(INDArray gradient);

    /** The output in the shape of the batch's x, a new array. */
    INDArray forward(MlpInput.Batch batch);

    /** The mean of (output - target)^2, with a target in the shape of the batch's x; sets the gradients. */
    double squaredError(MlpInput.Batch batch, INDArray target);

    /** Frees what was allocated for the sizes of batches that there were. */
    default void close() {}

    /** Where the time of the last {@link #squaredError} went, if that is known. */
    default List<KernelTime> times() {
        return List.of();
    }
}
