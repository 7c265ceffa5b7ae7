package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** Adam on a flat vector of weights, with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 (Kingma and Ba, arXiv 1412.6980, algorithm 1). */
public final class Adam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final INDArray firstMoment;
    private final INDArray secondMoment;
    private int iteration;

    public Adam(INDArray parameters) {
        firstMoment = parameters.ulike();
        firstMoment.assign(0);
        secondMoment = firstMoment.dup();
    }

    private Adam(Adam other) {
        firstMoment = other.firstMoment.dup();
        secondMoment = other.secondMoment.dup();
        iteration = other.iteration;
    }

    /** Moves the parameters against the gradient, which is overwritten with the step taken. */
    public void step(INDArray parameters, INDArray gradient, double learningRate) {
        Nd4j.exec(
                new AdamUpdater(gradient, secondMoment, firstMoment, learningRate, BETA1, BETA2, EPSILON, iteration++));
        parameters.subi(gradient);
    }

    Adam copy() {
        return new Adam(this);
    }
}
