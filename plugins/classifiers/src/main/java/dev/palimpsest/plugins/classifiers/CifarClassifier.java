package dev.palimpsest.plugins.classifiers;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The 64 features of a small classifier of photographs: phi(x) of colour images [N, 3, 32, 32] in [-1, 1], as {@link Network} computes them.
 *
 * <p>Trained by {@code Training}, among this module's tests, in 800 steps on the first 4,000 training images of CIFAR-10 (Krizhevsky, "Learning multiple
 * layers of features from tiny images", 2009) and their labels, mirrored at random; of 1,000 other images it tells 50.5 %. Its features are much weaker than
 * those of Inception, and no distance on them is an FID.
 */
@Doc("64 features of a small classifier trained on 4,000 of CIFAR-10's training images; for colour images of 32 x 32")
public record CifarClassifier() implements FeatureMap {
    private static final String NAME = "cifar-classifier";

    /** Read when it is asked for first. */
    private static final class Weights {
        private static final Network NETWORK = new Network(NAME, 3);
    }

    @Override
    public INDArray of(INDArray x) {
        return Weights.NETWORK.features(x);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String checksum() {
        return Weights.NETWORK.checksum();
    }
}
