package dev.palimpsest.api;

import java.util.OptionalLong;

/** A kind of drift network, with its sizes. */
public interface DriftArchitecture {
    /**
     * Builds a network whose output is zero everywhere, so that the transport it drives starts as the identity.
     *
     * @param seed decides the other initial weights: the same seed gives the same bits
     * @throws IllegalArgumentException if the architecture cannot take items of this signature, saying what it could
     */
    DriftNetwork build(DriftSignature signature, long seed);

    /**
     * How many bytes a network holds outside the Java heap once it has been called, without building it: its weights, the working memory of a call, and for
     * a gradient also the gradient and all activations. So it can be told beforehand whether a machine has enough. What one batch size needs is the
     * difference from no items; a network that is called with several holds the sum of theirs.
     *
     * @param items in a batch; 0: the weights, and the gradient, alone
     * @param withGradient for {@link DriftNetwork#squaredError}, else for {@link DriftNetwork#velocity}
     * @return the bytes, or empty if the architecture does not know
     * @throws IllegalArgumentException if the architecture cannot take items of this signature, as {@link #build} does
     */
    default OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
        return OptionalLong.empty();
    }
}
