package dev.palimpsest.plugins.classifiers;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The 64 features of a small classifier of clothes: phi(x) of grey images [N, 1, 32, 32] in [-1, 1], as {@link Network} computes them.
 *
 * <p>Trained by {@code Training}, among this module's tests, in 300 steps on 30,000 of the 60,000 training images of Fashion-MNIST (Xiao, Rasul and Vollgraf,
 * 2017; MIT licence) and their labels, each image in a frame of background to 32 x 32; of the 10,000 test images, which training never saw, it tells 83.8 %.
 */
@Doc("64 features of a small classifier trained on Fashion-MNIST's training images; for grey images of 32 x 32")
public record FashionClassifier() implements FeatureMap {
    private static final String NAME = "fashion-classifier";

    /** Read when it is asked for first. */
    private static final class Weights {
        private static final Network NETWORK = new Network(NAME, 1);
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
