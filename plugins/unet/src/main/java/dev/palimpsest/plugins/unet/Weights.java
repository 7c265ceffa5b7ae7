package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** All weights of a network, in the order in which its layers take them: views of one flat vector of parameters and one of gradients. */
final class Weights {
    /** A flat vector of all weights. */
    record Flat(Buffer buffer) {
        INDArray view(Weight weight) {
            return buffer.array()
                    .get(NDArrayIndex.interval(weight.offset(), weight.offset() + weight.length()))
                    .reshape('c', weight.shape());
        }
    }

    private final List<Weight> taken = new ArrayList<>();
    private int next;
    private long length;
    private Flat parameters;
    private Flat gradients;

    /** The next weight: a new one for the first plan, and for the later plans, which take the same ones, that one. */
    Weight take(double deviation, long... shape) {
        if (parameters != null) {
            return taken.get(next++);
        }
        Weight weight = new Weight(this, length, deviation, shape);
        taken.add(weight);
        length += weight.length();
        return weight;
    }

    /** The next plan takes the weights from the first on. */
    void again() {
        next = 0;
    }

    /** Allocates and fills the vectors when the first plan has taken all weights. */
    void allocate(long seed) {
        parameters = new Flat(Buffer.of(length));
        gradients = new Flat(Buffer.of(length));
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (Weight weight : taken) {
            float[] values = new float[weight.length()];
            if (weight.deviation() == ONES) {
                Arrays.fill(values, 1);
            } else if (weight.deviation() > 0) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (weight.deviation() * rng.nextGaussian());
                }
            }
            parameters.buffer().put((int) weight.offset(), values, values.length);
        }
    }

    /** The "deviation" of weights that start at one. */
    static final double ONES = -1;

    Flat parameters() {
        return parameters;
    }

    Flat gradients() {
        return gradients;
    }
}
