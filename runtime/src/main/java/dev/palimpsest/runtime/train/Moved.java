package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a step moves: the weights, Adam's moments and the average of the weights. */
record Moved(INDArray weights, Adam adam, AveragedWeights average) {
    /** As much room of its own. */
    Moved like(double decay) {
        INDArray kept = weights.ulike();
        return new Moved(kept, new Adam(kept), new AveragedWeights(kept.ulike(), decay));
    }

    /** Takes on the values of another. */
    void assign(Moved other) {
        weights.assign(other.weights);
        adam.assign(other.adam);
        average.assign(other.average);
    }

    void save(String prefix, TrainingState state) {
        state.put(prefix + "weights", weights);
        adam.save(prefix + "adam.", state);
        average.save(prefix + "average.", state);
    }

    void restore(String prefix, TrainingState state) {
        state.copy(prefix + "weights", weights);
        adam.restore(prefix + "adam.", state);
        average.restore(prefix + "average.", state);
    }
}
