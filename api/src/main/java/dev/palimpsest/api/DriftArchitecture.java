package dev.palimpsest.api;

/** A kind of drift network, with its sizes. */
public interface DriftArchitecture {
    /**
     * Builds a network whose output is zero everywhere, so that the transport it drives starts as the identity.
     *
     * @param seed decides the other initial weights: the same seed gives the same bits
     * @throws IllegalArgumentException if the architecture cannot take items of this signature, saying what it could
     */
    DriftNetwork build(DriftSignature signature, long seed);
}
