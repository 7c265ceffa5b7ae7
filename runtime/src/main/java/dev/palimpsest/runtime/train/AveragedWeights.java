package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average w <- d w + (1 - d) theta of the weights, with d = min(decay, (1 + n) / (10 + n)) after n updates, so that the first
 * weights are soon forgotten. With decay 0 it is theta itself. {@link Adam} computes it in the pass that moves theta.
 */
public final class AveragedWeights {
    private final double decay;
    private final INDArray average;
    private int updates;

    /** @param average where it is kept; it holds the first weights */
    public AveragedWeights(INDArray average, double decay) {
        this.average = average;
        this.decay = decay;
    }

    /** The decay of the next update, which follows. */
    double nextDecay() {
        double d = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        updates++;
        return d;
    }

    public INDArray values() {
        return average;
    }

    /** Takes on the state of another, of as many weights. */
    void assign(AveragedWeights other) {
        average.assign(other.average);
        updates = other.updates;
    }

    void save(String prefix, TrainingState state) {
        state.put(prefix + "weights", average);
        state.put(prefix + "updates", updates);
    }

    void restore(String prefix, TrainingState state) {
        state.copy(prefix + "weights", average);
        updates = (int) state.number(prefix + "updates");
    }
}
