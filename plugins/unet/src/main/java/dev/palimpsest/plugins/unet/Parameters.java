package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All weights of a network, in the order in which its graph declares them. The first walk over the graph creates them; every later one,
 * for another batch size, finds the same ones in the same order.
 *
 * <p>Weights start uniform with variance 2 / (inputs + outputs) (Glorot and Bengio 2010), biases and whatever is last in a residual branch at zero.
 */
final class Parameters {
    private final Engine engine;
    private final List<Parameter> all = new ArrayList<>();
    private boolean complete;
    private int next;
    private Storage values;
    private Optional<Storage> gradients = Optional.empty();
    private Optional<Storage> working = Optional.empty();

    Parameters(Engine engine) {
        this.engine = engine;
    }

    Parameter constant(double start, long... shape) {
        return declare(rng -> start, shape);
    }

    Parameter uniform(long inputs, long outputs, long... shape) {
        double bound = Math.sqrt(6.0 / (inputs + outputs));
        return declare(rng -> bound * (2 * rng.nextDouble() - 1), shape);
    }

    private Parameter declare(ToDoubleFunction<RandomGenerator> initial, long... shape) {
        if (!complete) {
            all.add(new Parameter(initial, shape));
        }
        return all.get(next++);
    }

    void restart() {
        next = 0;
    }

    /** Sees to it that there is this much working memory, of which there is one for all layers and all plans; what works in an older one must be closed. */
    void holdWorking(long length) {
        if (length > workingLength()) {
            freeWorking();
            working = Optional.of(engine.allocate(length));
        }
    }

    /** The working memory, for a layer that asked for some. */
    Storage working() {
        return working.orElseThrow();
    }

    long workingLength() {
        return working.map(memory -> memory.array().length()).orElse(0L);
    }

    void freeWorking() {
        working.ifPresent(memory -> memory.array().close());
        working = Optional.empty();
    }

    /** Ends the first walk. */
    void allocate(long seed) {
        complete = true;
        values = engine.allocate(length());
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long offset = 0;
        for (Parameter parameter : all) {
            parameter.place(values, offset, rng);
            offset += parameter.length();
        }
    }

    /** How many weights there are. */
    long length() {
        return all.stream().mapToLong(Parameter::length).sum();
    }

    INDArray values() {
        return values.array();
    }

    /** The flat gradient, which has its memory from the first call on, so that a network which is never trained has none. */
    INDArray gradients() {
        if (gradients.isEmpty()) {
            Storage flat = engine.allocate(length());
            gradients = Optional.of(flat);
            long offset = 0;
            for (Parameter parameter : all) {
                parameter.placeGradient(flat, offset);
                offset += parameter.length();
            }
        }
        return gradients.orElseThrow().array();
    }
}
