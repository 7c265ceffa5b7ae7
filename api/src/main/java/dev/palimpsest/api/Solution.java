package dev.palimpsest.api;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where an ODE solver arrived.
 *
 * @param x the last state, in the shape of the first; an array of its own
 * @param steps how many steps were accepted
 * @param completed false if the solver gave up before the end of the interval
 */
public record Solution(INDArray x, int steps, boolean completed) {
    public Solution {
        Objects.requireNonNull(x, "x");
    }
}
