package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Forward models that lose values and fill them with 0, which keep all promises of a guess, and for each promise some that break it. */
final class BrokenGuesses {
    private BrokenGuesses() {}

    /** Loses half of the values, and tells which; standard normal noise stands in their place. */
    interface Losing extends ForwardModel {
        @Override
        default Observations apply(INDArray x, RandomGenerator rng) {
            INDArray mask = Samples.bernoulli(rng, .5, x.shape());
            return Observations.of(
                    Samples.gaussian(rng, x.shape()).muli(mask.rsub(1)).addi(x.mul(mask)), mask);
        }
    }

    /** Loses half of the values, and has a guess. */
    interface Guessing extends Losing {
        INDArray guess(INDArray state, INDArray mask);

        @Override
        default Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
            return conditioning.map(mask -> guess(state, mask));
        }
    }

    /** Loses half of the values, and says what is seen. */
    interface Seeing extends Losing {
        INDArray seen(INDArray mask);

        @Override
        default Optional<INDArray> seen(Optional<INDArray> conditioning) {
            return conditioning.map(this::seen);
        }
    }

    public record Sound() implements Guessing, Seeing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(mask);
        }

        @Override
        public INDArray seen(INDArray mask) {
            return mask.dup();
        }
    }

    /** Draws more numbers for bright items than for dark ones, and then what is lost: other values for another x, of the same distribution. */
    public record SoundAfterOtherDraws() implements Guessing {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            for (float value : Values.of(x)) {
                if (value > 0) {
                    rng.nextLong();
                }
            }
            return new Sound().apply(x, rng);
        }

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(mask);
        }
    }

    public record SometimesGuessing() implements Losing {
        @Override
        public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
            return state.size(0) == 1 ? Optional.empty() : Optional.of(state.dup());
        }
    }

    public record FlatGuess() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(mask).reshape(state.size(0), state.length() / state.size(0));
        }
    }

    public record DividedByWhatIsSeen() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.div(mask);
        }
    }

    public record GuessingInPlace() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.muli(mask).dup();
        }
    }

    public record MarkingInPlace() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(mask.subi(1));
        }
    }

    public record StateAsGuess() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state;
        }
    }

    public record RememberedGuess() implements Guessing {
        private static final ConcurrentHashMap<List<Float>, INDArray> KNOWN = new ConcurrentHashMap<>();

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return KNOWN.computeIfAbsent(Numbers.list(state), unknown -> state.dup());
        }
    }

    public record CountingGuess() implements Guessing {
        private static final AtomicInteger CALLS = new AtomicInteger();

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.add(CALLS.incrementAndGet());
        }
    }

    public record RacingGuess() implements Guessing {
        private static final Shelf<INDArray> SHELF = new Shelf<>();

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return SHELF.through(state.mul(mask));
        }
    }

    public record RawGuess() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return Nd4j.createFromArray(state.data().asFloat()).reshape('c', state.shape());
        }
    }

    public record GuessingFromTheBatch() implements Guessing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(0).addi(state.meanNumber());
        }
    }

    public record LosingWhatIsSeen() implements Guessing, Seeing {
        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(.5);
        }

        @Override
        public INDArray seen(INDArray mask) {
            return mask.dup();
        }
    }

    /** Its conditioning is y. */
    public record Telling() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = Samples.gaussian(rng, x.shape()).addi(x);
            return Observations.of(y, y.dup());
        }

        @Override
        public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
            return conditioning.map(INDArray::dup);
        }
    }

    /** Loses dark values, and tells which. */
    public record LosingTheDark() implements Guessing {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray mask = x.gt(0).castTo(x.dataType());
            return Observations.of(
                    Samples.gaussian(rng, x.shape()).muli(mask.rsub(1)).addi(x.mul(mask)), mask);
        }

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return state.mul(mask);
        }
    }

    public record SometimesSeeing() implements Losing {
        @Override
        public Optional<INDArray> seen(Optional<INDArray> conditioning) {
            return conditioning.filter(mask -> mask.size(0) > 1).map(INDArray::dup);
        }
    }

    public record HalfSeen() implements Seeing {
        @Override
        public INDArray seen(INDArray mask) {
            return mask.mul(.5);
        }
    }

    public record SeenByTheRow() implements Seeing {
        @Override
        public INDArray seen(INDArray mask) {
            return Nd4j.ones(mask.size(0), 1);
        }
    }

    public record ConditioningAsSeen() implements Seeing {
        @Override
        public INDArray seen(INDArray mask) {
            return mask;
        }
    }

    public record SeeingInPlace() implements Seeing {
        @Override
        public INDArray seen(INDArray mask) {
            return mask.muli(0).dup();
        }
    }

    public record CountingSeen() implements Seeing {
        private static final AtomicInteger CALLS = new AtomicInteger();

        @Override
        public INDArray seen(INDArray mask) {
            return mask.mul(CALLS.incrementAndGet() % 2);
        }
    }

    /** Calls lost values seen. */
    public record AllSeen() implements Seeing {
        @Override
        public INDArray seen(INDArray mask) {
            return Nd4j.ones(mask.shape());
        }
    }

    public record GuessingWhenPrepared(boolean prepared) implements Guessing {
        public GuessingWhenPrepared() {
            this(false);
        }

        @Override
        public ForwardModel prepare(long[] itemShape) {
            return new GuessingWhenPrepared(true);
        }

        @Override
        public INDArray guess(INDArray state, INDArray mask) {
            return prepared ? state.mul(mask) : state.mul(0);
        }
    }
}
