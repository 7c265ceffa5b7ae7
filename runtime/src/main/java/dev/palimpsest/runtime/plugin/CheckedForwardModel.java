package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A forward model whose results are checked. */
final class CheckedForwardModel implements ForwardModel {
    private final ForwardModel model;
    private final Guard guard;

    /** The shape of the conditioning of one item at the first call, empty if there was none; null before it. */
    private final AtomicReference<Optional<String>> conditioned = new AtomicReference<>();

    /** Whether the first call returned a guess, and told what is seen; null before it. */
    private final AtomicReference<Boolean> guessed = new AtomicReference<>();

    private final AtomicReference<Boolean> told = new AtomicReference<>();

    CheckedForwardModel(ForwardModel model, Guard guard) {
        this.model = model;
        this.guard = guard;
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return checked(guard.callWith(x, () -> model.apply(x, rng)), x);
    }

    /**
     * What is given may hold NaN, so that it is not compared with what it was.
     *
     * @throws dev.palimpsest.runtime.data.DataException if the model refuses what is given, by an IllegalArgumentException
     */
    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return guard.callOnData(() -> model.refill(observed, rng)).map(refilled -> checked(refilled, observed.y()));
    }

    /** A state that is not finite may have any guess: training that diverges is no fault of the model. */
    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        boolean finite = Guard.finite(state);
        Supplier<Optional<INDArray>> code = () -> model.guess(state, conditioning);
        Optional<INDArray> returned = guard.callOnData(() -> finite ? guard.callWith(state, code) : guard.call(code));
        requireAsBefore("a guess", guessed, returned.isPresent());
        return returned.map(array -> {
            INDArray guess = guard.array("a guess", array, state.shape());
            guard.requireOwn(guess, state);
            conditioning.ifPresent(known -> guard.requireOwn(guess, known));
            if (finite) {
                guard.requireFinite(" in its guess", guess);
            }
            return guess;
        });
    }

    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        Supplier<Optional<INDArray>> code = () -> model.seen(conditioning);
        Optional<INDArray> returned = guard.callOnData(
                () -> conditioning.isPresent() ? guard.callWith(conditioning.get(), code) : guard.call(code));
        requireAsBefore("a mask of what is seen", told, returned.isPresent());
        return returned.map(array -> {
            INDArray seen = guard.floats("a mask of what is seen", array);
            conditioning.ifPresent(known -> {
                guard.requireOwn(seen, known);
                requireMaskOf(known, seen);
            });
            guard.requireEach(value -> value == 0 || value == 1, ", not 0 or 1, in its mask of what is seen", seen);
            return seen;
        });
    }

    /** The items of the conditioning, and the height and width if it has them. */
    private void requireMaskOf(INDArray known, INDArray seen) {
        boolean maps = known.rank() == 4;
        boolean fits = seen.size(0) == known.size(0)
                && (!maps || seen.rank() == 4 && seen.size(2) == known.size(2) && seen.size(3) == known.size(3));
        if (!fits) {
            String shape = maps ? ", c, " + known.size(2) + ", " + known.size(3) : ", ...";
            throw guard.fault("expected a mask of what is seen of shape [" + known.size(0) + shape + "], got "
                    + Arrays.toString(seen.shape()));
        }
    }

    private void requireAsBefore(String what, AtomicReference<Boolean> first, boolean present) {
        Boolean before = first.compareAndExchange(null, present);
        if (before != null && before != present) {
            throw guard.fault("expected " + what + " at every call or at none, got "
                    + (present ? "one after none" : "none after one"));
        }
    }

    @Override
    public ForwardModel prepare(long[] itemShape) {
        return new CheckedForwardModel(guard.call(() -> model.prepare(itemShape.clone())), guard);
    }

    private Observations checked(Observations returned, INDArray x) {
        INDArray y = guard.array("y", returned.y(), x.shape());
        guard.requireOwn(y, x);
        guard.requireFinite("", y);
        Optional<INDArray> conditioning = returned.conditioning().map(known -> conditioning(known, x));
        requireSameAsBefore(conditioning.map(known -> item(known.shape())));
        return new Observations(y, conditioning);
    }

    private INDArray conditioning(INDArray returned, INDArray x) {
        INDArray known = guard.floats("conditioning", returned);
        boolean vectors = known.rank() == 2 && known.size(0) == x.size(0);
        boolean maps = known.rank() == 4
                && x.rank() == 4
                && known.size(0) == x.size(0)
                && known.size(2) == x.size(2)
                && known.size(3) == x.size(3);
        if (!vectors && !maps) {
            String mapShape = x.rank() == 4 ? "[" + x.size(0) + ", c, " + x.size(2) + ", " + x.size(3) + "] or " : "";
            throw guard.fault("expected conditioning of shape " + mapShape + "[" + x.size(0) + ", d], got "
                    + Arrays.toString(known.shape()));
        }
        guard.requireFinite(" in its conditioning", known);
        return known;
    }

    private void requireSameAsBefore(Optional<String> shape) {
        Optional<String> before = conditioned.compareAndExchange(null, shape);
        if (before != null && !before.equals(shape)) {
            throw guard.fault("expected conditioning of the same shape at every call, got " + shape.orElse("none")
                    + " after " + before.orElse("none"));
        }
    }

    private static String item(long[] shape) {
        return Arrays.toString(shape).replaceFirst("\\d+", "N");
    }
}
