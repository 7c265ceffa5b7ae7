package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@link ForwardModel} promises, with all of {@link GuessContract}.
 *
 * <pre>{@code
 * class StripesTest implements ForwardModelContract {
 *     public ForwardModel forwardModel() {
 *         return new Stripes();
 *     }
 * }
 * }</pre>
 */
public interface ForwardModelContract extends GuessContract {
    @Override
    default List<long[]> itemShapes() {
        return List.of(new long[] {1, 28, 28}, new long[] {3, 32, 32});
    }

    /** Whether another generator gives other observations: by default, whether the model draws anything. A standard deviation of 0 draws and gives the same. */
    default boolean stochastic() {
        return new ForwardTrial(
                        forwardModel().prepare(itemShapes().get(0)),
                        itemShapes().get(0))
                .draws();
    }

    @Test
    default void a_forward_model_is_a_public_record_with_defaults() {
        Declaration.requirePublicRecordWithDefaults(forwardModel());
    }

    @Test
    default void a_forward_model_refuses_values_out_of_range() {
        Declaration.requireRangesEnforced(forwardModel());
    }

    @Test
    default void y_has_the_shape_of_x() {
        ForwardTrial.each(this, trial -> {
            for (int n : new int[] {1, 2, 5}) {
                Values.requireShape("y", trial.observe(trial.items(n, n), n).y(), Values.batch(n, trial.itemShape()));
            }
        });
    }

    @Test
    default void y_is_finite() {
        ForwardTrial.each(this, trial -> {
            List<INDArray> batches = new ArrayList<>(List.of(trial.items(3, 1), trial.items(3, 2)));
            for (double value : new double[] {-1, 0, 1}) {
                batches.add(Values.constant(value, 2, trial.itemShape()));
            }
            batches.forEach(x -> Values.requireFinite("y", trial.observe(x, 1).y()));
        });
    }

    @Test
    default void x_is_left_as_it_was() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            float[] before = Values.of(x);
            trial.observe(x, 1);
            require(
                    Arrays.equals(before, Values.of(x)),
                    "apply modified its input by up to " + Values.largestDifference(before, Values.of(x))
                            + ": work on a copy, x.dup()");
        });
    }

    @Test
    default void y_is_an_array_of_its_own() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            float[] before = Values.of(x);
            INDArray y = trial.observe(x, 1).y();
            INDArray again = trial.observe(x, 1).y();
            float[] observed = Values.of(again);
            y.assign(7);
            require(Arrays.equals(before, Values.of(x)), "writing to y changed x: return a new array, such as x.dup()");
            require(
                    Arrays.equals(observed, Values.of(again)),
                    "writing to y changed what another call had returned: return a new array, since the caller frees it");
        });
    }

    @Test
    default void a_later_call_leaves_earlier_observations_as_they_were() {
        ForwardTrial.each(this, trial -> {
            Observations first = trial.observe(trial.items(3, 1), 1);
            Numbers before = Numbers.of(first);
            trial.observe(trial.items(3, 2), 2);
            require(
                    before.equals(Numbers.of(first)),
                    "a second call of apply changed what the first had returned: return new arrays at every call");
        });
    }

    @Test
    default void the_same_generator_gives_the_same_observations() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            Numbers first = Numbers.of(trial.observe(x, 1));
            trial.observe(trial.items(2, 2), 2);
            require(
                    first.equals(Numbers.of(trial.observe(x, 1))),
                    "expected the same observations of the same x from a generator in the same state, got others:"
                            + " draw all randomness from the generator that is passed, and keep no state between calls");
        });
    }

    @Test
    default void another_generator_gives_other_observations() {
        boolean stochastic = stochastic();
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(4, 1);
            Set<Numbers> seen = new HashSet<>();
            for (int seed = 1; seed <= 16; seed++) {
                seen.add(Numbers.of(trial.observe(x, seed)));
            }
            require(
                    seen.size() > 1 || !stochastic,
                    "expected other observations from other generators, got the same from 16 of them: draw from the"
                            + " generator that is passed, not from one with a fixed seed; if this is meant, override stochastic()");
            require(
                    seen.size() == 1 || stochastic,
                    "expected a model that draws nothing from its generator to give one result, got " + seen.size()
                            + " in 16 calls: draw all randomness from the generator that is passed");
        });
    }

    @Test
    default void each_item_of_a_batch_gets_a_draw_of_its_own() {
        boolean stochastic = stochastic();
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(1, 1);
            INDArray copies = Nd4j.concat(0, x, x, x, x);
            boolean alike = true;
            Set<Numbers> first = new HashSet<>();
            for (int seed = 1; seed <= 8; seed++) {
                Observations y = trial.observe(copies, seed);
                first.add(Numbers.of(y, 0));
                for (int i = 1; i < 4; i++) {
                    alike &= Numbers.of(y, 0).equals(Numbers.of(y, i));
                }
            }
            require(
                    !alike || first.size() == 1 || !stochastic,
                    "4 copies of one item in a batch were corrupted alike in 8 of 8 calls: draw anew for each item,"
                            + " not once for the batch");
        });
    }

    /**
     * Either a batch is bit for bit what its items give one after the other; or, where a model draws for the whole batch first, an item's law is the same alone and
     * beside others: means of 128 draws differ by at most 6 standard errors.
     */
    @Test
    default void a_batch_is_corrupted_like_its_items_one_by_one() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            Observations together = trial.observe(x, 1);
            RandomGenerator rng = Values.generator(1);
            boolean exact = true;
            for (int i = 0; i < 3; i++) {
                exact &= Numbers.of(trial.observe(Values.single(x, i), rng), 0).equals(Numbers.of(together, i));
            }
            if (!exact) {
                requireSameLaw(trial, x, together.conditioning().isPresent());
            }
        });
    }

    private static void requireSameLaw(ForwardTrial trial, INDArray x, boolean conditioned) {
        INDArray item = Values.single(x, 0);
        INDArray dark = Values.constant(-1, 2, trial.itemShape());
        INDArray bright = Values.constant(1, 2, trial.itemShape());
        int size = Values.size(trial.itemShape());
        Draws alone = new Draws(conditioned, size);
        Draws first = new Draws(conditioned, size);
        Draws last = new Draws(conditioned, size);
        for (int draw = 0; draw < 128; draw++) {
            alone.add(trial.observe(item, draw), 0);
            first.add(trial.observe(Nd4j.concat(0, item, dark), 1000 + draw), 0);
            last.add(trial.observe(Nd4j.concat(0, bright, item), 2000 + draw), 2);
        }
        for (Draws beside : List.of(first, last)) {
            double distance = alone.distance(beside);
            require(
                    distance <= 6,
                    "what an item becomes depends on the items beside it: the means of 128 draws differ by "
                            + Math.round(distance)
                            + " standard errors, expected at most 6: treat each item of a batch by itself");
        }
    }

    @Test
    default void conditioning_has_one_shape_at_every_call() {
        ForwardTrial.each(this, trial -> {
            Optional<String> shape = trial.conditioned(2, 1);
            for (int n : new int[] {1, 2, 5}) {
                for (int seed = 1; seed <= 4; seed++) {
                    Optional<String> other = trial.conditioned(n, seed);
                    require(
                            shape.equals(other),
                            "expected conditioning of one shape at every call, got " + other.orElse("none") + " after "
                                    + shape.orElse("none"));
                }
            }
        });
    }

    @Test
    default void several_threads_observe_what_one_observes() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(2, 1);
            int calls = 6;
            List<Numbers> expected = new ArrayList<>();
            for (int seed = 0; seed < 4 * calls; seed++) {
                expected.add(Numbers.of(trial.observe(x, seed)));
            }
            List<Boolean> kept = Threads.together(4, thread -> {
                boolean same = true;
                for (int call = 0; call < calls; call++) {
                    int seed = thread * calls + call;
                    same &= expected.get(seed).equals(Numbers.of(trial.observe(x, seed)));
                }
                return same;
            });
            require(
                    !kept.contains(false),
                    "4 threads, each with its own generator, observed other things than one thread: keep no state in"
                            + " fields, and share no buffers between calls");
        });
    }

    /** Within 1e-5 of the largest value, because the order in which float32 sums are taken may follow that of the array. */
    @Test
    default void x_may_lie_in_memory_in_any_order() {
        ForwardTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            float[] y = Values.of(trial.observe(x, 1).y());
            float[] other = Values.of(trial.observe(x.dup('f'), 1).y());
            require(
                    Values.largestDifference(y, other) <= 1e-5 * (1 + Values.largest(y)),
                    "expected the same y of the same x in column-major order, got one that differs by up to "
                            + Values.largestDifference(y, other)
                            + ": read x through x.dup('c'), not through x.data()");
        });
    }

    @Test
    default void preparing_twice_is_preparing_once() {
        ForwardTrial.each(this, trial -> {
            long[] shape = trial.itemShape().clone();
            ForwardTrial again = new ForwardTrial(trial.model().prepare(shape), trial.itemShape());
            require(
                    Arrays.equals(shape, trial.itemShape()),
                    "prepare modified the shape that it was given, to " + Arrays.toString(shape) + ": clone it");
            require(
                    again.model() != null
                            && Numbers.of(trial.observe(trial.items(2, 1), 1))
                                    .equals(Numbers.of(again.observe(trial.items(2, 1), 1))),
                    "a model that was prepared twice observes other things than one that was prepared once");
        });
    }

    @Test
    default void refilled_observations_keep_what_is_known_and_leave_the_given_ones_as_they_were() {
        ForwardTrial.each(this, trial -> {
            Observations given = trial.observe(trial.items(3, 1), 1);
            Numbers before = Numbers.of(given);
            Optional<Observations> refilled = trial.model().refill(given, Values.generator(2));
            require(before.equals(Numbers.of(given)), "refill modified what it was given: work on a copy, y.dup()");
            refilled.ifPresent(again -> {
                Values.requireShape("y", again.y(), Values.batch(3, trial.itemShape()));
                Values.requireFinite("y", again.y());
                require(
                        Numbers.of(again).conditioning().equals(before.conditioning()),
                        "expected refill to return the conditioning that it was given, got another");
                require(
                        Numbers.of(again)
                                .equals(Numbers.of(trial.model()
                                        .refill(given, Values.generator(2))
                                        .orElseThrow())),
                        "expected the same from refill with a generator in the same state, got other observations");
            });
        });
    }
}
