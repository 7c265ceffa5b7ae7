package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network and the signature that it was built for. */
record DriftTrial(DriftNetwork network, DriftSignature signature) {
    /** Tries a network as it is built, for each signature in turn; what fails says for which. */
    static void eachNew(DriftContract contract, Consumer<DriftTrial> attempt) {
        for (DriftSignature signature : contract.signatures()) {
            try (DriftNetwork network = contract.architecture().build(signature, 1)) {
                attempt.accept(new DriftTrial(network, signature));
            } catch (AssertionError e) {
                throw new AssertionError(signature + ": " + e.getMessage(), e);
            }
        }
    }

    /** The same with noise added to all parameters, so that the velocity is not 0 any more. */
    static void each(DriftContract contract, Consumer<DriftTrial> attempt) {
        eachNew(contract, trial -> {
            trial.awake();
            attempt.accept(trial);
        });
    }

    static float[] weights(DriftContract contract, DriftSignature signature, long seed) {
        try (DriftNetwork network = contract.architecture().build(signature, seed)) {
            return Values.of(network.parameters());
        }
    }

    /** The gradient after a few calls. */
    static float[] work(DriftContract contract, DriftSignature signature, int seed) {
        try (DriftNetwork network = contract.architecture().build(signature, seed)) {
            DriftTrial trial = new DriftTrial(network, signature);
            trial.awake();
            Batch batch = trial.batch(3, seed);
            for (int i = 0; i < 3; i++) {
                batch.squaredError();
                batch.velocity();
            }
            return Values.of(batch.squaredError().gradient());
        }
    }

    private void awake() {
        INDArray parameters = network.parameters();
        parameters.addi(
                Samples.gaussian(Values.generator(3), parameters.length()).muli(.05));
    }

    void write(float[] weights) {
        network.parameters().assign(Nd4j.createFromArray(weights));
    }

    Batch batch(int n, long seed) {
        RandomGenerator rng = Values.generator(seed);
        long[] shape = Values.batch(n, signature.itemShape());
        Optional<INDArray> conditioning = Optional.empty();
        if (signature.conditioningMaps() > 0) {
            long[] maps = shape.clone();
            maps[1] = signature.conditioningMaps();
            conditioning = Optional.of(Samples.bernoulli(rng, .5, maps));
        } else if (signature.conditioningSize() > 0) {
            conditioning = Optional.of(Samples.gaussian(rng, n, signature.conditioningSize()));
        }
        return new Batch(
                network,
                Samples.uniform(rng, n),
                Samples.gaussian(rng, shape),
                conditioning,
                Samples.gaussian(rng, shape));
    }

    void requireOther(float[] velocity, String what, INDArray t, INDArray x, Optional<INDArray> conditioning) {
        require(
                Values.largestDifference(velocity, Values.of(network.velocity(t, x, conditioning))) > 0,
                "the velocity does not depend on " + what);
    }

    /** What a network is called with. */
    record Batch(DriftNetwork network, INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        static final List<String> NAMES = List.of("t", "x", "the target", "the conditioning");

        INDArray velocity() {
            INDArray velocity = network.velocity(t, x, conditioning);
            require(velocity != null, "expected a velocity, got null");
            return velocity;
        }

        LossGradient squaredError() {
            LossGradient found = network.squaredError(t, x, conditioning, target);
            require(found != null, "expected a loss and its gradient, got null");
            return found;
        }

        double meanSquaredError() {
            float[] velocity = Values.of(velocity());
            float[] wanted = Values.of(target);
            double sum = 0;
            for (int i = 0; i < wanted.length; i++) {
                double error = (double) velocity[i] - wanted[i];
                sum += error * error;
            }
            return sum / wanted.length;
        }

        Batch single(int i) {
            return new Batch(
                    network,
                    Values.single(t, i),
                    Values.single(x, i),
                    conditioning.map(known -> Values.single(known, i)),
                    Values.single(target, i));
        }

        List<float[]> values() {
            List<float[]> values = new ArrayList<>(List.of(Values.of(t), Values.of(x), Values.of(target)));
            conditioning.ifPresent(known -> values.add(Values.of(known)));
            return values;
        }
    }
}
