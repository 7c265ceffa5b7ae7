package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A forward model and one shape of items to try it on. */
record ForwardTrial(ForwardModel model, long[] itemShape) {
    /** Tries a prepared model on each shape in turn; what fails says on which. */
    static void each(GuessContract contract, Consumer<ForwardTrial> attempt) {
        for (long[] shape : contract.itemShapes()) {
            ForwardModel prepared = contract.forwardModel().prepare(shape.clone());
            require(prepared != null, "prepare(" + Arrays.toString(shape) + ") returned null: return this");
            try {
                attempt.accept(new ForwardTrial(prepared, shape));
            } catch (AssertionError e) {
                throw new AssertionError("items of shape " + Arrays.toString(shape) + ": " + e.getMessage(), e);
            }
        }
    }

    INDArray items(int n, long seed) {
        return Values.items(n, itemShape, seed);
    }

    Observations observe(INDArray x, long seed) {
        return observe(x, Values.generator(seed));
    }

    Observations observe(INDArray x, RandomGenerator rng) {
        Observations observations = model.apply(x, rng);
        require(observations != null, "expected observations, got null: return Observations.of(y)");
        return observations;
    }

    /** Whether the model takes anything from its generator. */
    boolean draws() {
        CountingGenerator rng = new CountingGenerator(Values.generator(1));
        observe(items(2, 1), rng);
        return rng.drawn() > 0;
    }

    /** Checks y and conditioning of a batch, and returns what the conditioning of one item looks like. */
    Optional<String> conditioned(int n, long seed) {
        Optional<INDArray> conditioning = observe(items(n, seed), seed).conditioning();
        conditioning.ifPresent(known -> requireConditioning(known, n));
        return conditioning.map(known -> Arrays.toString(known.shape()).replaceFirst("\\d+", "N"));
    }

    private void requireConditioning(INDArray known, int n) {
        boolean vectors = known.rank() == 2 && known.size(0) == n;
        boolean maps = known.rank() == 4
                && itemShape.length == 3
                && known.size(0) == n
                && known.size(2) == itemShape[1]
                && known.size(3) == itemShape[2];
        String maps4 = itemShape.length == 3 ? "[" + n + ", c, " + itemShape[1] + ", " + itemShape[2] + "] or " : "";
        require(
                vectors || maps,
                "expected conditioning of shape " + maps4 + "[" + n + ", d] for a batch of " + n + ", got "
                        + Arrays.toString(known.shape()));
        Values.requireFinite("conditioning", known);
    }
}
