package dev.palimpsest.api;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of random numbers, drawn in order from the generator given and from nothing else. */
public final class Samples {
    /** So many are drawn in Java's heap before they go where the array lies. */
    private static final int SOME = 1 << 12;

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
        int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        if (length == 0 || !FusedKernels.allowed()) {
            return Nd4j.createFromArray(drawn(next, new float[length], length)).reshape('c', shape);
        }
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape.clone(), 'c');
        FloatBuffer to = array.data().asNioFloat();
        float[] some = new float[Math.min(SOME, length)];
        for (int at = 0; at < length; at += some.length) {
            int count = Math.min(some.length, length - at);
            to.put(at, drawn(next, some, count), 0, count);
        }
        return array;
    }

    private static float[] drawn(DoubleSupplier next, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return values;
    }
}
