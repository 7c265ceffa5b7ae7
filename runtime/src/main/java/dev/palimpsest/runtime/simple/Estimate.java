package dev.palimpsest.runtime.simple;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An estimate of the clean items.
 *
 * @param name as in summary.json
 * @param x in the shape of y
 * @param about how it was made and tuned; empty where its name says all
 */
record Estimate(String name, INDArray x, String about) {}
