package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The regression of one step: times t [N], points I_t [N, ...], and their velocities I_t' [N, ...], each item at its own time. */
public record Interpolation(INDArray t, INDArray point, INDArray velocity) {}
