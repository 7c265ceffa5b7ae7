package dev.palimpsest.runtime.train;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Adam on a flat vector of weights, with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 (Kingma and Ba, arXiv 1412.6980, algorithm 1, end of section 2). */
public final class Adam {
    private final INDArray firstMoment;
    private final INDArray secondMoment;
    private final AdamStep arithmetic;
    private int iteration;

    public Adam(INDArray parameters) {
        firstMoment = parameters.ulike();
        firstMoment.assign(0);
        secondMoment = firstMoment.dup();
        arithmetic = AdamStep.on(parameters);
    }

    /** Moves the parameters against the gradient, which may be overwritten. */
    public void step(INDArray parameters, INDArray gradient, double learningRate) {
        step(parameters, gradient, new AdamStep.Factors(1, learningRate, ++iteration, 0), Optional.empty());
    }

    /** Moves the parameters against the gradient times {@code scale}, and their average after them. The gradient may be overwritten. */
    public void step(
            INDArray parameters, INDArray gradient, double scale, double learningRate, AveragedWeights average) {
        AdamStep.Factors factors = new AdamStep.Factors(scale, learningRate, ++iteration, average.nextDecay());
        step(parameters, gradient, factors, Optional.of(average.values()));
    }

    private void step(INDArray parameters, INDArray gradient, AdamStep.Factors factors, Optional<INDArray> average) {
        arithmetic.take(new AdamStep.Vectors(parameters, gradient, firstMoment, secondMoment, average), factors);
    }

    /** Takes on the state of another, whose parameters are as many. */
    void assign(Adam other) {
        firstMoment.assign(other.firstMoment);
        secondMoment.assign(other.secondMoment);
        iteration = other.iteration;
    }

    void save(String prefix, TrainingState state) {
        state.put(prefix + "firstMoment", firstMoment);
        state.put(prefix + "secondMoment", secondMoment);
        state.put(prefix + "iteration", iteration);
    }

    void restore(String prefix, TrainingState state) {
        state.copy(prefix + "firstMoment", firstMoment);
        state.copy(prefix + "secondMoment", secondMoment);
        iteration = (int) state.number(prefix + "iteration");
    }
}
