package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Residual;

/**
 * What is known of the averaged weights after a step.
 *
 * @param loss the mean training loss since the checkpoint before; it falls through the truth toward collapse, and so chooses nothing
 */
record Checkpoint(int step, double loss, Residual residual) {}
