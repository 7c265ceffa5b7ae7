package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.BrokenGuesses.AllSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.ConditioningAsSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.CountingGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.CountingSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.DividedByWhatIsSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.FlatGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.GuessingFromTheBatch;
import dev.palimpsest.testkit.contract.BrokenGuesses.GuessingInPlace;
import dev.palimpsest.testkit.contract.BrokenGuesses.GuessingWhenPrepared;
import dev.palimpsest.testkit.contract.BrokenGuesses.HalfSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.LosingTheDark;
import dev.palimpsest.testkit.contract.BrokenGuesses.LosingWhatIsSeen;
import dev.palimpsest.testkit.contract.BrokenGuesses.MarkingInPlace;
import dev.palimpsest.testkit.contract.BrokenGuesses.RacingGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.RawGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.RememberedGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.SeeingInPlace;
import dev.palimpsest.testkit.contract.BrokenGuesses.SeenByTheRow;
import dev.palimpsest.testkit.contract.BrokenGuesses.SometimesGuessing;
import dev.palimpsest.testkit.contract.BrokenGuesses.SometimesSeeing;
import dev.palimpsest.testkit.contract.BrokenGuesses.Sound;
import dev.palimpsest.testkit.contract.BrokenGuesses.SoundAfterOtherDraws;
import dev.palimpsest.testkit.contract.BrokenGuesses.StateAsGuess;
import dev.palimpsest.testkit.contract.BrokenGuesses.Telling;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuessContractTest {
    /** A contract fulfilled without a test class. */
    private record Trial(ForwardModel forwardModel) implements GuessContract {
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
    class AModelWhoseDrawsBeginElsewhereForAnotherX implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new SoundAfterOtherDraws();
        }
    }

    static Stream<Broken<ForwardModel>> broken() {
        return Stream.of(
                new Broken<>(
                        new SometimesGuessing(),
                        "a guess is there always or never",
                        "expected a guess of every state or of none, got one of some"),
                new Broken<>(
                        new FlatGuess(),
                        "a guess is finite in the shape of its state",
                        "items of shape [2, 4, 5]: expected a guess of shape [1, 2, 4, 5], got [1, 40]"),
                new Broken<>(
                        new DividedByWhatIsSeen(),
                        "a guess is finite in the shape of its state",
                        "expected finite values, got "),
                new Broken<>(
                        new GuessingInPlace(),
                        "a guess is an array of its own and leaves what it is given as it was",
                        "guess modified what it was given: work on a copy, state.dup()"),
                new Broken<>(
                        new MarkingInPlace(),
                        "a guess is an array of its own and leaves what it is given as it was",
                        "guess modified what it was given"),
                new Broken<>(
                        new StateAsGuess(),
                        "a guess is an array of its own and leaves what it is given as it was",
                        "writing to a guess changed what it was made of: return a new array, such as state.dup()"),
                new Broken<>(
                        new RememberedGuess(),
                        "a guess is an array of its own and leaves what it is given as it was",
                        "writing to a guess changed what another call had returned"),
                new Broken<>(
                        new CountingGuess(),
                        "the same state has the same guess",
                        "expected the same guess of the same state, got another: draw nothing"),
                new Broken<>(
                        new RacingGuess(),
                        "the same state has the same guess",
                        "4 threads guessed other things than one thread"),
                new Broken<>(
                        new RawGuess(),
                        "the same state has the same guess",
                        "read the state through state.dup('c'), not through state.data()"),
                new Broken<>(
                        new GuessingFromTheBatch(),
                        "a guess of a batch is that of its items one by one",
                        "expected the same guess of item 0 alone, got another: guess each item of a batch by itself"),
                new Broken<>(new LosingWhatIsSeen(), "a guess keeps what is seen", "which is seen, got "),
                new Broken<>(
                        new Telling(),
                        "what is known beside a guess tells nothing of x",
                        "expected at most 6: a state gives x away to a network that knows this, and training collapses"),
                new Broken<>(
                        new LosingTheDark(),
                        "what is known beside a guess tells nothing of x",
                        "tell only what was drawn without x, or return no guess"),
                new Broken<>(
                        new SometimesSeeing(),
                        "what is seen is told always or never",
                        "expected to be told what is seen of every observation or of none, was told of some"),
                new Broken<>(
                        new HalfSeen(),
                        "what is seen is ones and zeros in the shape of y or with one channel",
                        "expected 1 where a value is seen and 0 elsewhere, got 0.5"),
                new Broken<>(
                        new SeenByTheRow(),
                        "what is seen is ones and zeros in the shape of y or with one channel",
                        "items of shape [2, 4, 5]: expected what is seen of shape [1, 2, 4, 5], got [1, 1]"),
                new Broken<>(
                        new ConditioningAsSeen(),
                        "what is seen is an array of its own and the same at every call",
                        "return a new array, such as mask.dup(), since the caller frees it"),
                new Broken<>(
                        new SeeingInPlace(),
                        "what is seen is an array of its own and the same at every call",
                        "seen modified what it was given: work on a copy"),
                new Broken<>(
                        new CountingSeen(),
                        "what is seen is an array of its own and the same at every call",
                        "expected the same to be seen at every call, got other values: draw nothing"),
                new Broken<>(
                        new AllSeen(),
                        "what is seen is x but for noise below half a grey level",
                        "where noise is larger, tell nothing of what is seen"),
                new Broken<>(
                        new GuessingWhenPrepared(),
                        "a guess and what is seen need no prepare",
                        "a model that was not prepared has another guess than one that was"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<ForwardModel> broken) {
        broken.isNoticed(GuessContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(GuessContract.class, new Trial(new Sound()), broken().toList());
    }
}
