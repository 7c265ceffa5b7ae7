package dev.palimpsest.runtime.train;

import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Is told how training goes, and may stop it. */
public interface TrainingListener {
    /**
     * A training step has been taken.
     *
     * @param step its number, from 1
     * @param loss the mean squared error per dimension; it falls through the truth, so it chooses nothing
     * @param gradientNorm the gradient's norm before clipping
     */
    default void stepped(int step, double loss, double gradientNorm, double learningRate) {}

    /**
     * These averaged weights are to be kept; the array is live and must be copied.
     *
     * @param networkCalls how many times the drift has been evaluated for one item so far, transport included; a gradient counts as three
     */
    default void checkpoint(int step, double networkCalls, INDArray weights) {}

    /** Training went back to the state after an earlier step. */
    default void wentBack(int from, int to, String reason, double learningRateFactor) {}

    /** A step has ended, or training itself is about to, be it that the next step has failed: what it needs to go on from here can be had. */
    default void resumable(int step, boolean last, Supplier<TrainingState> state) {}

    /** Something that training calls has failed, and it ends with these averaged weights, those after the last whole step. */
    default void failed(INDArray weights) {}

    /** Asked before each step: true ends training there. */
    default boolean stopped() {
        return false;
    }
}
