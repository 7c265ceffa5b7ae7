package dev.palimpsest.benchmarks;

import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The same random inputs for every benchmark. */
final class Inputs {
    private Inputs() {}

    static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    }

    static INDArray gaussian(long... shape) {
        return Samples.gaussian(random(), shape);
    }
}
