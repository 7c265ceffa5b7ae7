package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A forward model, what it made of items, and a state between the two.
 *
 * @param x [N, ...]
 * @param state in the shape of x
 */
record GuessTrial(ForwardModel model, INDArray x, Observations observed, INDArray state) {
    private static final double[] TIMES = {0, .5, 1};

    /** Tries a prepared model on states of several batches; what fails says of which shape their items are. */
    static void each(GuessContract contract, Consumer<GuessTrial> attempt) {
        ForwardTrial.each(contract, trial -> of(trial).forEach(attempt));
    }

    /** States of random, dark, grey and bright items, each of a draw of its own. */
    static List<GuessTrial> of(ForwardTrial trial) {
        List<INDArray> batches = new ArrayList<>(List.of(trial.items(1, 1), trial.items(2, 2), trial.items(5, 3)));
        for (double value : new double[] {-1, 0, 1}) {
            batches.add(Values.constant(value, 2, trial.itemShape()));
        }
        List<GuessTrial> trials = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            INDArray x = batches.get(i);
            Observations observed = trial.observe(x, i);
            for (double t : TIMES) {
                INDArray state = x.mul(1 - t).addi(observed.y().mul(t));
                trials.add(new GuessTrial(trial.model(), x, observed, state));
            }
        }
        return trials;
    }

    /** The same of another model. */
    GuessTrial of(ForwardModel other) {
        return new GuessTrial(other, x, observed, state);
    }

    /** One item of the batch. */
    GuessTrial item(int i) {
        return new GuessTrial(
                model,
                Values.single(x, i),
                new Observations(
                        Values.single(observed.y(), i), observed.conditioning().map(known -> Values.single(known, i))),
                Values.single(state, i));
    }

    GuessTrial inColumnMajorOrder() {
        return new GuessTrial(
                model,
                x,
                new Observations(observed.y(), observed.conditioning().map(known -> known.dup('f'))),
                state.dup('f'));
    }

    Optional<INDArray> guess() {
        Optional<INDArray> guess = model.guess(state, observed.conditioning());
        require(guess != null, "expected a guess or none, got null: return Optional.empty()");
        return guess;
    }

    Optional<INDArray> seen() {
        Optional<INDArray> seen = model.seen(observed.conditioning());
        require(seen != null, "expected what is seen or nothing, got null: return Optional.empty()");
        return seen;
    }

    /** The bits of the guess; none if there is no guess. */
    List<Float> numbers() {
        return guess().map(Numbers::list).orElse(List.of());
    }

    void requireMaskShape(INDArray seen) {
        long[] shape = x.shape().clone();
        if (shape.length == 4 && seen.rank() == 4 && seen.size(1) == 1) {
            shape[1] = 1;
        }
        Values.requireShape("what is seen", seen, shape);
    }

    /** The indices in x of all values that are seen. */
    void whereSeen(IntConsumer use) {
        seen().ifPresent(mask -> {
            requireMaskShape(mask);
            float[] seen = Values.of(mask);
            int size = Math.toIntExact(x.length());
            int item = Math.toIntExact(size / x.size(0));
            int known = Math.toIntExact(mask.length() / x.size(0));
            for (int i = 0; i < size; i++) {
                if (seen[i / item * known + i % item % known] == 1) {
                    use.accept(i);
                }
            }
        });
    }
}
