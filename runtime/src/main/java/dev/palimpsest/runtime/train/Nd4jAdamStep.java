package dev.palimpsest.runtime.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's operations, one after another, wherever its backend computes. */
final class Nd4jAdamStep implements AdamStep {
    @Override
    public void take(Vectors vectors, Factors factors) {
        INDArray update = vectors.gradient();
        if (factors.scale() != 1) {
            update.muli(factors.scale());
        }
        Nd4j.exec(new AdamUpdater(
                update,
                vectors.secondMoment(),
                vectors.firstMoment(),
                factors.learningRate(),
                BETA1,
                BETA2,
                EPSILON,
                factors.iteration() - 1));
        vectors.theta().subi(update);
        vectors.average().ifPresent(average -> {
            update.assign(vectors.theta()).muli(1 - factors.decay());
            average.muli(factors.decay()).addi(update);
        });
    }
}
