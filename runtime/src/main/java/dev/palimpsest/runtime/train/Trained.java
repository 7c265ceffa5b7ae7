package dev.palimpsest.runtime.train;

import dev.palimpsest.api.DriftNetwork;

/**
 * What training leaves.
 *
 * @param drift the network with the averaged weights
 * @param steps how many steps were taken
 * @param items how many pairs were seen
 * @param evaluationsPerItem network calls for each pair and step, transport included; a gradient counts as three calls
 */
public record Trained(DriftNetwork drift, int steps, long items, double evaluationsPerItem) {}
