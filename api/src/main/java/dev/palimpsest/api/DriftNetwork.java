package dev.palimpsest.api;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trainable drift b_theta(t, x, conditioning). Not safe for use by several threads at once. */
public interface DriftNetwork extends AutoCloseable {
    /**
     * The drift.
     *
     * @param t the time of each item, [N]
     * @param x the items [N, ...], which may be freed after the call
     * @param conditioning maps [N, c, H, W] or vectors [N, d], as the signature said
     * @return a new array of x's shape
     */
    INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning);

    /**
     * The mean over items and dimensions of (b_theta(t, x, conditioning) - target)^2, and its gradient with respect to theta.
     *
     * @return the gradient is the network's own array and is overwritten by the next call
     */
    LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target);

    /** All weights theta as one flat, live vector [P]: writing to it changes the network. */
    INDArray parameters();

    /**
     * Calls {@link #squaredError} once and says where the time went, for {@code palimpsest bench --kernels}.
     *
     * @return an entry for each kind of layer, in any order; empty for a network that does not time itself
     */
    default List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        return List.of();
    }

    /** Frees what the network holds outside the Java heap. */
    @Override
    default void close() {}
}
