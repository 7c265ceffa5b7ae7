package dev.palimpsest.api;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of random numbers, drawn in order from the generator given and from nothing else. */
public final class Samples {
    private Samples() {}

    /** Standard normal values. */
    public static INDArray gaussian(RandomGenerator rng, long... shape) {
        return fill(rng::nextGaussian, shape);
    }

    /** Values uniform on [0, 1). */
    public static INDArray uniform(RandomGenerator rng, long... shape) {
        return fill(rng::nextFloat, shape);
    }

    /** Ones with the given probability, and zeros. */
    public static INDArray bernoulli(RandomGenerator rng, double probability, long... shape) {
        return fill(() -> rng.nextDouble() < probability ? 1 : 0, shape);
    }

    private static INDArray fill(DoubleSupplier next, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }
}
