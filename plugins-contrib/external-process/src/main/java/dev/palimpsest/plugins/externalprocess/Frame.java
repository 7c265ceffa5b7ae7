package dev.palimpsest.plugins.externalprocess;

/**
 * Some items of a batch.
 *
 * @param values of all items of the batch
 * @param from the index of the first value of the frame
 * @param count of the values of the frame
 * @param shape of the frame, [n, ...]
 * @param seed from 0 to 2^63 - 1
 */
record Frame(float[] values, int from, int count, long[] shape, long seed) {}
