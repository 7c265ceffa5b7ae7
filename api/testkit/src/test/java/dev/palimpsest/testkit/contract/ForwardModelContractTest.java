package dev.palimpsest.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Buffered;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Deterministic;
import dev.palimpsest.testkit.contract.BrokenForwardModels.FixedSeed;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Flattened;
import dev.palimpsest.testkit.contract.BrokenForwardModels.FloatAtItsBound;
import dev.palimpsest.testkit.contract.BrokenForwardModels.InPlace;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Logarithm;
import dev.palimpsest.testkit.contract.BrokenForwardModels.NoDefaults;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Normalised;
import dev.palimpsest.testkit.contract.BrokenForwardModels.OneConditioningForTheBatch;
import dev.palimpsest.testkit.contract.BrokenForwardModels.OneDrawForTheBatch;
import dev.palimpsest.testkit.contract.BrokenForwardModels.OwnRandomness;
import dev.palimpsest.testkit.contract.BrokenForwardModels.PreparedInPlace;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Racing;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Raw;
import dev.palimpsest.testkit.contract.BrokenForwardModels.RefilledInPlace;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Remembering;
import dev.palimpsest.testkit.contract.BrokenForwardModels.SameArray;
import dev.palimpsest.testkit.contract.BrokenForwardModels.ShapeChanging;
import dev.palimpsest.testkit.contract.BrokenForwardModels.SometimesConditioned;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Sound;
import dev.palimpsest.testkit.contract.BrokenForwardModels.Unchecked;
import dev.palimpsest.testkit.contract.BrokenForwardModels.UncheckedCount;
import dev.palimpsest.testkit.contract.BrokenForwardModels.UncheckedList;
import dev.palimpsest.testkit.contract.BrokenForwardModels.UncheckedLong;
import dev.palimpsest.testkit.contract.BrokenForwardModels.UncheckedOptional;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardModelContractTest {
    /** A contract fulfilled without a test class. */
    private record Trial(ForwardModel forwardModel) implements ForwardModelContract {
        @Override
        public List<long[]> itemShapes() {
            return List.of(new long[] {2, 4, 5}, new long[] {3});
        }
    }

    @Nested
    class ASoundModel implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new Sound();
        }
    }

    @Nested
    class ADeterministicModel implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new Deterministic();
        }
    }

    @Nested
    class AModelWithItsNoiseTurnedOff implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new Sound(0, 1);
        }
    }

    static Stream<Broken<ForwardModel>> broken() {
        return Stream.of(
                new Broken<>(
                        new NoDefaults(1),
                        "a forward model is a public record with defaults",
                        "no public constructor without arguments: add one"),
                new Broken<>(
                        new Unchecked(),
                        "a forward model refuses values out of range",
                        "expected Unchecked to refuse sigma = NaN with an IllegalArgumentException, because it must be above 0"),
                new Broken<>(
                        new UncheckedCount(),
                        "a forward model refuses values out of range",
                        "count = 0 with an IllegalArgumentException, because it must be at least 1, but it was accepted:"
                                + " call Ranges.check(UncheckedCount.class, ...)"),
                new Broken<>(
                        new UncheckedLong(),
                        "a forward model refuses values out of range",
                        "expected UncheckedLong to refuse count = 0 with"),
                new Broken<>(
                        new UncheckedList(),
                        "a forward model refuses values out of range",
                        "sizes = [10] with an IllegalArgumentException, because it must be at most 9"),
                new Broken<>(
                        new UncheckedOptional(),
                        "a forward model refuses values out of range",
                        "share = Optional[NaN] with an IllegalArgumentException, because it must be finite"),
                new Broken<>(
                        new FloatAtItsBound(),
                        "a forward model refuses values out of range",
                        "share = 0.5 with an IllegalArgumentException, because it must be above 0.5"),
                new Broken<>(
                        new Flattened(),
                        "y has the shape of x",
                        "items of shape [2, 4, 5]: expected y of shape [1, 2, 4, 5], got [1, 40]"),
                new Broken<>(
                        new Logarithm(),
                        "y is finite",
                        "expected finite values, got -Infinity as y at item 0, index 0"),
                new Broken<>(new InPlace(), "x is left as it was", "work on a copy, x.dup()"),
                new Broken<>(
                        new SameArray(),
                        "y is an array of its own",
                        "writing to y changed x: return a new array, such as x.dup()"),
                new Broken<>(
                        new Remembering(),
                        "y is an array of its own",
                        "writing to y changed what another call had returned: return a new array"),
                new Broken<>(
                        new Buffered(),
                        "a later call leaves earlier observations as they were",
                        "return new arrays at every call"),
                new Broken<>(
                        new OwnRandomness(),
                        "the same generator gives the same observations",
                        "draw all randomness from the generator that is passed"),
                new Broken<>(
                        new FixedSeed(),
                        "another generator gives other observations",
                        "got the same from 16 of them: draw from the generator that is passed, not from one with a fixed seed"),
                new Broken<>(
                        new OwnRandomness(),
                        "another generator gives other observations",
                        "draws nothing from its generator to give one result, got 16 in 16 calls"),
                new Broken<>(
                        new OneDrawForTheBatch(),
                        "each item of a batch gets a draw of its own",
                        "draw anew for each item, not once for the batch"),
                new Broken<>(
                        new Normalised(),
                        "a batch is corrupted like its items one by one",
                        "standard errors, expected at most 6: treat each item of a batch by itself"),
                new Broken<>(
                        new SometimesConditioned(),
                        "conditioning has one shape at every call",
                        "got none after [N, 2]"),
                new Broken<>(
                        new OneConditioningForTheBatch(),
                        "conditioning has one shape at every call",
                        "expected conditioning of shape [2, c, 4, 5] or [2, d] for a batch of 2, got [1, 2]"),
                new Broken<>(
                        new Racing(),
                        "several threads observe what one observes",
                        "4 threads, each with its own generator, observed other things than one thread"),
                new Broken<>(
                        new Raw(),
                        "x may lie in memory in any order",
                        "read x through x.dup('c'), not through x.data()"),
                new Broken<>(
                        new PreparedInPlace(),
                        "preparing twice is preparing once",
                        "prepared twice observes other things"),
                new Broken<>(
                        new ShapeChanging(),
                        "preparing twice is preparing once",
                        "modified the shape that it was given, to [1, 4, 5]: clone it"),
                new Broken<>(
                        new RefilledInPlace(),
                        "refilled observations keep what is known and leave the given ones as they were",
                        "refill modified what it was given: work on a copy, y.dup()"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<ForwardModel> broken) {
        broken.isNoticed(ForwardModelContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(
                ForwardModelContract.class,
                new Trial(new Sound()),
                Stream.concat(broken(), GuessContractTest.broken()).toList());
    }

    @Test
    void what_the_model_throws_is_seen_as_it_is() {
        ForwardModel refusing = (x, rng) -> {
            throw new IllegalArgumentException("needs images");
        };
        assertThatThrownBy(() -> new Trial(refusing).y_is_finite())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("needs images");
    }
}
