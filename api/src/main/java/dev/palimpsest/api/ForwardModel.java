package dev.palimpsest.api;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The corruption y = F(x): the only thing Palimpsest asks of it is that it can be called. It need not be differentiable. */
public interface ForwardModel {
    /**
     * Corrupts a batch with fresh randomness.
     *
     * @param x clean items [N, ...] (images [N, channels, height, width] in [-1, 1]); must not be modified
     * @param rng the only source of randomness: the same state gives the same result
     * @return the observations, in the shape of x, and what is known of this draw of the corruption
     */
    Observations apply(INDArray x, RandomGenerator rng);

    /** Returns a model that has precomputed what it needs (kernels, matrices) for items of this shape, without the batch dimension. */
    default ForwardModel prepare(long[] itemShape) {
        return this;
    }
}
