package dev.palimpsest.runtime.probe;

/**
 * How F answers to the modes of a band, added in random signs.
 *
 * @param gains of each mode in each item and draw: its own coefficient in the answer, [draw][item][mode]
 * @param energy the mean of |answer|^2 / |what was added|^2 where the same draw answers twice
 * @param coherent the same between two draws: that of the mean answer
 */
record Response(double[][][] gains, double energy, double coherent) {}
