package dev.palimpsest.runtime.data;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a data source yields: clean items, from which observations are to be simulated, or observations, of which the clean items are unknown. */
public sealed interface Items {
    /** @param x clean items [n, ...] */
    record Clean(INDArray x) implements Items {}

    /**
     * @param y observations [n, ...]
     * @param conditioning what is known of each one's corruption: maps [n, c, H, W] or vectors [n, d]
     */
    record Observed(INDArray y, Optional<INDArray> conditioning) implements Items {}
}
