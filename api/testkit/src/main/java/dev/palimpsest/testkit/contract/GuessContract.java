package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@link ForwardModel#guess} and {@link ForwardModel#seen} promise where a model has them: a part of {@link ForwardModelContract}.
 *
 * <p>A state is (1 - t) x + t y for t = 0, 1/2 and 1.
 */
public interface GuessContract {
    /** The model, not yet prepared. */
    ForwardModel forwardModel();

    /** Shapes of items that the model takes, without the batch dimension. */
    List<long[]> itemShapes();

    @Test
    default void a_guess_is_there_always_or_never() {
        ForwardTrial.each(this, trial -> {
            List<Boolean> there = GuessTrial.of(trial).stream()
                    .map(state -> state.guess().isPresent())
                    .distinct()
                    .toList();
            require(there.size() == 1, "expected a guess of every state or of none, got one of some");
        });
    }

    @Test
    default void a_guess_is_finite_in_the_shape_of_its_state() {
        GuessTrial.each(
                this,
                trial -> trial.guess().ifPresent(guess -> {
                    Values.requireShape("a guess", guess, trial.state().shape());
                    Values.requireFinite("a guess", guess);
                }));
    }

    @Test
    default void a_guess_is_an_array_of_its_own_and_leaves_what_it_is_given_as_it_was() {
        GuessTrial.each(this, trial -> {
            List<Float> state = Numbers.list(trial.state());
            Numbers observed = Numbers.of(trial.observed());
            Optional<INDArray> guess = trial.guess();
            require(
                    state.equals(Numbers.list(trial.state())) && observed.equals(Numbers.of(trial.observed())),
                    "guess modified what it was given: work on a copy, state.dup()");
            guess.ifPresent(first -> {
                INDArray second = trial.guess().orElseThrow();
                List<Float> before = Numbers.list(second);
                first.assign(7);
                require(
                        state.equals(Numbers.list(trial.state())) && observed.equals(Numbers.of(trial.observed())),
                        "writing to a guess changed what it was made of: return a new array, such as state.dup()");
                require(
                        before.equals(Numbers.list(second)),
                        "writing to a guess changed what another call had returned: return a new array, since the caller frees it");
            });
        });
    }

    /** Bit for bit; of a state in column-major order within 1e-5 of the largest value, because the order in which float32 sums are taken may follow that of the array. */
    @Test
    default void the_same_state_has_the_same_guess() {
        ForwardTrial.each(this, trial -> {
            List<GuessTrial> states = GuessTrial.of(trial);
            List<List<Float>> first = states.stream().map(GuessTrial::numbers).toList();
            require(
                    first.equals(states.stream().map(GuessTrial::numbers).toList()),
                    "expected the same guess of the same state, got another: draw nothing, and keep no state between calls");
            int threads = 4;
            List<Boolean> kept = Threads.together(threads, thread -> {
                boolean same = true;
                for (int i = thread; i < states.size(); i += threads) {
                    same &= first.get(i).equals(states.get(i).numbers());
                }
                return same;
            });
            require(
                    !kept.contains(false),
                    threads + " threads guessed other things than one thread: keep no state in fields, and share no"
                            + " buffers between calls");
            for (GuessTrial state : states) {
                requireClose(
                        state.guess(),
                        state.inColumnMajorOrder().guess(),
                        "of the same state in column-major order",
                        "read the state through state.dup('c'), not through state.data()");
            }
        });
    }

    /** Within 1e-5 of the largest value, because float32 sums may be taken in another order for another batch. */
    @Test
    default void a_guess_of_a_batch_is_that_of_its_items_one_by_one() {
        GuessTrial.each(this, trial -> {
            for (int i = 0; i < trial.state().size(0); i++) {
                int item = i;
                requireClose(
                        trial.guess().map(guess -> Values.single(guess, item)),
                        trial.item(item).guess(),
                        "of item " + item + " alone",
                        "guess each item of a batch by itself");
            }
        });
    }

    private static void requireClose(Optional<INDArray> guess, Optional<INDArray> other, String of, String advice) {
        float[] expected = guess.map(Values::of).orElse(new float[0]);
        float[] came = other.map(Values::of).orElse(new float[0]);
        require(
                expected.length == came.length
                        && Values.largestDifference(expected, came) <= 1e-5 * (1 + Values.largest(expected)),
                "expected the same guess " + of + ", got another: " + advice);
    }

    @Test
    default void a_guess_keeps_what_is_seen() {
        GuessTrial.each(
                this,
                trial -> trial.guess().ifPresent(guess -> {
                    float[] state = Values.of(trial.state());
                    float[] values = Values.of(guess);
                    trial.whereSeen(i -> require(
                            values[i] == state[i],
                            "expected a guess to keep the state's " + state[i] + " at index " + i
                                    + ", which is seen, got " + values[i]));
                }));
    }

    /**
     * Else state and guess together could give x away, the loss be nearly 0 for all t below 1, and the transport carry every y to its posterior mean, whose
     * variance falls from round to round. F(x, rng) tells the same, bit for bit, of every x; or, where a model draws for y first and what it tells comes after
     * that, what it tells has one distribution: means of 128 draws differ by at most 6 standard errors.
     */
    @Test
    default void what_is_known_beside_a_guess_tells_nothing_of_x() {
        ForwardTrial.each(this, trial -> {
            if (GuessTrial.of(trial).get(0).guess().isPresent()) {
                requireAlike(trial, trial.items(1, 1), trial.items(1, 2));
                requireAlike(
                        trial, Values.constant(-1, 1, trial.itemShape()), Values.constant(1, 1, trial.itemShape()));
            }
        });
    }

    private static void requireAlike(ForwardTrial trial, INDArray x, INDArray other) {
        boolean same = true;
        for (int seed = 1; seed <= 4; seed++) {
            same &= Numbers.of(trial.observe(x, seed))
                    .conditioning()
                    .equals(Numbers.of(trial.observe(other, seed)).conditioning());
        }
        double distance = same ? 0 : known(trial, x, 0).distance(known(trial, other, 1000));
        require(
                distance <= 6,
                "what is known beside a guess depends on x: for two items the means of 128 draws of the conditioning differ by "
                        + Math.round(distance)
                        + " standard errors, expected at most 6: a state gives x away to a network that knows this, and training"
                        + " collapses; tell only what was drawn without x, or return no guess");
    }

    private static Draws known(ForwardTrial trial, INDArray x, int firstSeed) {
        Draws draws =
                new Draws(false, Values.of(trial.observe(x, 0).conditioning().orElseThrow()).length);
        for (int draw = 0; draw < 128; draw++) {
            draws.add(
                    Observations.of(
                            trial.observe(x, firstSeed + draw).conditioning().orElseThrow()),
                    0);
        }
        return draws;
    }

    @Test
    default void what_is_seen_is_told_always_or_never() {
        ForwardTrial.each(this, trial -> {
            List<Boolean> told = GuessTrial.of(trial).stream()
                    .map(state -> state.seen().isPresent())
                    .distinct()
                    .toList();
            require(
                    told.size() == 1,
                    "expected to be told what is seen of every observation or of none, was told of some");
        });
    }

    @Test
    default void what_is_seen_is_ones_and_zeros_in_the_shape_of_y_or_with_one_channel() {
        GuessTrial.each(
                this,
                trial -> trial.seen().ifPresent(seen -> {
                    trial.requireMaskShape(seen);
                    for (float value : Values.of(seen)) {
                        require(
                                value == 0 || value == 1,
                                "expected 1 where a value is seen and 0 elsewhere, got " + value);
                    }
                }));
    }

    @Test
    default void what_is_seen_is_an_array_of_its_own_and_the_same_at_every_call() {
        GuessTrial.each(this, trial -> {
            Numbers observed = Numbers.of(trial.observed());
            trial.seen().ifPresent(first -> {
                INDArray second = trial.seen().orElseThrow();
                List<Float> before = Numbers.list(second);
                require(
                        observed.equals(Numbers.of(trial.observed())),
                        "seen modified what it was given: work on a copy");
                require(
                        before.equals(Numbers.list(first)),
                        "expected the same to be seen at every call, got other values: draw nothing");
                first.assign(7);
                require(
                        observed.equals(Numbers.of(trial.observed())) && before.equals(Numbers.list(second)),
                        "writing to what seen returned changed the conditioning, or what another call had returned:"
                                + " return a new array, such as mask.dup(), since the caller frees it");
            });
        });
    }

    /** Half a grey level of 8 bits, 1/255, is the most that the noise's standard deviation may be: y is within 6 of it. */
    @Test
    default void what_is_seen_is_x_but_for_noise_below_half_a_grey_level() {
        GuessTrial.each(this, trial -> {
            float[] x = Values.of(trial.x());
            float[] y = Values.of(trial.observed().y());
            trial.whereSeen(i -> require(
                    Math.abs(y[i] - x[i]) <= 6. / 255,
                    "expected y within " + 6. / 255 + " of x at index " + i + ", which is seen, got " + y[i] + " for "
                            + x[i] + ": where noise is larger, tell nothing of what is seen"));
        });
    }

    @Test
    default void a_guess_and_what_is_seen_need_no_prepare() {
        ForwardModel unprepared = forwardModel();
        GuessTrial.each(this, trial -> {
            GuessTrial again = trial.of(unprepared);
            require(
                    trial.numbers().equals(again.numbers())
                            && trial.seen()
                                    .map(Numbers::list)
                                    .equals(again.seen().map(Numbers::list)),
                    "a model that was not prepared has another guess than one that was, or tells otherwise what is seen");
        });
    }
}
