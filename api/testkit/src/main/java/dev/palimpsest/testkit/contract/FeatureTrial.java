package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.FeatureMap;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A feature map and one shape of items to try it on. */
record FeatureTrial(FeatureMap map, long[] itemShape) {
    private static final double ROUNDING = 1e-5;

    /** Tries a map on each shape in turn; what fails says on which. */
    static void each(FeatureMapContract contract, Consumer<FeatureTrial> attempt) {
        for (long[] shape : contract.featureItemShapes()) {
            try {
                attempt.accept(new FeatureTrial(contract.featureMap(), shape));
            } catch (AssertionError e) {
                throw new AssertionError("items of shape " + Arrays.toString(shape) + ": " + e.getMessage(), e);
            }
        }
    }

    INDArray items(int n, long seed) {
        return Values.items(n, itemShape, seed);
    }

    INDArray features(INDArray x) {
        INDArray features = map.of(x);
        require(features != null, "expected features, got null");
        return features;
    }

    void requireAlike(float[] expected, float[] got, String what, String remedy) {
        double difference = Values.largestDifference(expected, got);
        require(
                difference <= ROUNDING * (1 + Values.largest(expected)),
                "expected " + what + ", got one that differs by up to " + difference + ": " + remedy);
    }
}
