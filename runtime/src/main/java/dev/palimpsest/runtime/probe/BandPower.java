package dev.palimpsest.runtime.probe;

import java.util.OptionalDouble;

/**
 * What a band of frequencies holds after training. Powers are variances of a mode's coefficient over held-out items, means over the band.
 *
 * @param band its name
 * @param modes how many
 * @param observed of y
 * @param noise of what F adds
 * @param clean P, of the clean items: what y shows of it, (observed - noise) / h^2, or, where it shows nothing, the power law through the bands below
 * @param restored of Phi(y)
 * @param mean of the posterior mean, where there is one
 * @param initial the share of {@code restored} that the rounds cannot have changed; empty where the theory of scalar channels does not hold, or nothing was trained
 * @param excess how much power of the initial distribution there is beyond what clean items have; 0 where {@code initial} is empty
 */
public record BandPower(
        String band,
        int modes,
        double observed,
        double noise,
        double clean,
        double restored,
        OptionalDouble mean,
        OptionalDouble initial,
        double excess) {}
