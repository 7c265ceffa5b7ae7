package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exponential moving average w <- d w + (1 - d) theta of the weights, with d = min(decay, (1 + n) / (10 + n)) after n updates, so that the first
 * weights are soon forgotten. With decay 0 it is theta itself.
 */
final class AveragedWeights {
    private final double decay;
    private final INDArray average;
    private int updates;

    AveragedWeights(INDArray parameters, double decay) {
        this(parameters.dup(), decay, 0);
    }

    private AveragedWeights(INDArray average, double decay, int updates) {
        this.average = average;
        this.decay = decay;
        this.updates = updates;
    }

    void follow(INDArray parameters) {
        double d = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        updates++;
        average.muli(d);
        Nd4j.getBlasWrapper().level1().axpy(average.length(), 1 - d, parameters, average);
    }

    INDArray values() {
        return average;
    }

    AveragedWeights copy() {
        return new AveragedWeights(average.dup(), decay, updates);
    }
}
