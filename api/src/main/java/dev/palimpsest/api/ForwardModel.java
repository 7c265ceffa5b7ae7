package dev.palimpsest.api;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The corruption y = F(x): the only thing Palimpsest asks of it is that it can be called. It need not be differentiable. */
public interface ForwardModel {
    /**
     * Corrupts a batch with fresh randomness.
     *
     * @param x clean items [N, ...] (images [N, channels, height, width] in [-1, 1]); must not be modified
     * @param rng the only source of randomness: the same state gives the same result
     * @return the observations, a new array in the shape of x, which the caller may free, and what is known of this draw of the corruption
     */
    Observations apply(INDArray x, RandomGenerator rng);

    /** Returns a model that has precomputed what it needs (kernels, matrices) for items of this shape, without the batch dimension. */
    default ForwardModel prepare(long[] itemShape) {
        return this;
    }

    /**
     * Draws anew what this model puts in the place of values that it loses, and leaves what was seen as it is: one more observation that could have been made
     * of the same clean items, with the same values seen. So observations whose lost values only carry a mark can be restored, and each several times.
     *
     * <p>It needs no {@link #prepare}.
     *
     * @param observed y, and its conditioning, which tells what is lost; or y alone, in which what is lost is NaN; neither may be modified
     * @param rng the only source of randomness
     * @return y, finite and in the same shape, and its conditioning, as {@link #apply} returns them; empty, as it is unless a model says otherwise, if it has
     *     no place for values drawn anew
     * @throws IllegalArgumentException if what is given cannot be an observation of this model, such as a mask with other values than it tells; the message is
     *     shown to the user as a mistake in the data
     */
    default Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return Optional.empty();
    }

    /**
     * A simple estimate g of the clean items, such as lost pixels filled from their neighbours, of which a drift network then only has to predict the rest
     * x - g. It may use no more than it is given: a state that told more of the observation than the drift sees would give x away, and training would
     * collapse. So would a conditioning that depends on x: a model that has a guess tells only what it draws without looking at x.
     *
     * <p>It needs no {@link #prepare}, draws nothing, guesses each item by itself, and leaves values that are {@link #seen} as they are in the state.
     *
     * @param state anything between clean items and observations [N, ...], on the scale of the clean items: values that are seen are in it as in y, or nearer
     *     to x; must not be modified
     * @param conditioning what is known of each item's corruption, as {@link #apply} returned it; must not be modified
     * @return g, a new array in the shape of the state, finite if the state is, which the caller may free; empty, always or never, if the model has no guess, as it is unless a model
     *     says otherwise
     */
    default Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return Optional.empty();
    }

    /**
     * Which values of y are those of x, but for noise that does not matter (less than half a grey level of 8 bits, .0039 for data in [-1, 1]): restoring
     * leaves them as they are.
     *
     * <p>It needs no {@link #prepare}, and draws nothing.
     *
     * @param conditioning what is known of each item's corruption, as {@link #apply} returned it; must not be modified
     * @return 1 where a value is seen and 0 elsewhere, a new array in the shape of y or with one channel for all, which the caller may free; empty, always or
     *     never, if the model does not tell, as it is unless a model says otherwise
     */
    default Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return Optional.empty();
    }
}
