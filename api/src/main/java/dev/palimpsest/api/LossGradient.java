package dev.palimpsest.api;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss and its gradient.
 *
 * @param loss the mean squared error over items and dimensions
 * @param gradient flat, [P], in the order of {@link DriftNetwork#parameters()}
 */
public record LossGradient(double loss, INDArray gradient) {
    public LossGradient {
        Objects.requireNonNull(gradient, "gradient");
    }
}
