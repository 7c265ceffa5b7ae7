package dev.palimpsest.runtime.train;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The arithmetic of one step of {@link Adam} and of {@link AveragedWeights} on flat vectors, all of one length. */
interface AdamStep {
    double BETA1 = 0.9;
    double BETA2 = 0.999;
    double EPSILON = 1e-8;

    /**
     * With g the gradient times {@code scale}: m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
     * theta <- theta - rate sqrt(1 - beta2^n) / (1 - beta1^n) m / (sqrt(v) + epsilon), and, if there is an average w of the weights,
     * w <- d w + (1 - d) theta. The gradient may be overwritten.
     */
    void take(Vectors vectors, Factors factors);

    /** What a step reads, and all but the gradient of which it moves: theta, its gradient, m, v and w. */
    record Vectors(
            INDArray theta,
            INDArray gradient,
            INDArray firstMoment,
            INDArray secondMoment,
            Optional<INDArray> average) {}

    /**
     * The numbers of a step.
     *
     * @param iteration n, the first of which is 1
     * @param decay d, of the average
     */
    record Factors(double scale, double learningRate, int iteration, double decay) {
        /** The learning rate with both moments' corrections for their start at 0. */
        double corrected() {
            return learningRate * Math.sqrt(1 - Math.pow(BETA2, iteration)) / (1 - Math.pow(BETA1, iteration));
        }
    }

    /** One pass over the weights where they lie in memory that Java can read, else, and where fused kernels are not allowed, ND4J's operations. */
    static AdamStep on(INDArray theta) {
        return HostMemory.holds(theta) ? new FusedAdamStep() : new Nd4jAdamStep();
    }
}
