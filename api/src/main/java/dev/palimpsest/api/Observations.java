package dev.palimpsest.api;

import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a forward model returns.
 *
 * @param y the observations, in the shape [N, ...] of the clean items
 * @param conditioning what is known of each item's corruption, if anything: maps [N, c, H, W] or vectors [N, d], of the same shape at every call
 */
public record Observations(INDArray y, Optional<INDArray> conditioning) {
    public Observations {
        Objects.requireNonNull(y, "y");
        Objects.requireNonNull(conditioning, "conditioning");
    }

    /** Observations of whose corruption nothing is known. */
    public static Observations of(INDArray y) {
        return new Observations(y, Optional.empty());
    }

    /** Observations together with what is known of their corruption. */
    public static Observations of(INDArray y, INDArray conditioning) {
        return new Observations(y, Optional.of(conditioning));
    }
}
