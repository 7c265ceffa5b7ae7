package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average w <- d w + (1 - d) theta of the weights, with d = min(decay, (1 + n) / (10 + n)) after n updates, so that the first
 * weights are soon forgotten. With decay 0 it is theta itself.
 */
public final class AveragedWeights {
    private final double decay;
    private final INDArray average;
    private final INDArray share;
    private int updates;

    public AveragedWeights(INDArray parameters, double decay) {
        this(parameters.dup(), decay, 0);
    }

    private AveragedWeights(INDArray average, double decay, int updates) {
        this.average = average;
        share = average.ulike();
        this.decay = decay;
        this.updates = updates;
    }

    public void follow(INDArray parameters) {
        double d = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        updates++;
        average.muli(d).addi(parameters.mul(1 - d, share));
    }

    public INDArray values() {
        return average;
    }

    AveragedWeights copy() {
        return new AveragedWeights(average.dup(), decay, updates);
    }
}
