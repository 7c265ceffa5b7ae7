package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One model of a chain. Its code runs with its own class loader as the thread's, as it would outside of the chain, and what is wrong with it is told with
 * its place.
 *
 * @param label its position, from 1, and its class as it was given, before it was prepared
 */
record Link(String label, ForwardModel model) {
    static Link of(int position, ForwardModel model) {
        return new Link(
                "model " + position + " of the chain (" + model.getClass().getSimpleName() + ")", model);
    }

    Link prepare(long[] itemShape) {
        return new Link(label, call("prepare", () -> model.prepare(itemShape.clone())));
    }

    /** x left as it was, y finite and in x's shape, and conditioning, if any, vectors [N, d] or maps [N, c, H, W] of x's height and width; all of them float32. */
    Observations apply(INDArray x, RandomGenerator rng) {
        INDArray before = x.dup();
        Observations returned = call("apply", () -> model.apply(x, rng));
        if (before.subi(x).norm1Number().doubleValue() != 0) {
            throw fault("modified its input: work on a copy, x.dup()");
        }
        if (!Arrays.equals(returned.y().shape(), x.shape())) {
            throw fault("expected y of shape " + Arrays.toString(x.shape()) + ", got "
                    + Arrays.toString(returned.y().shape()));
        }
        if (!Double.isFinite(returned.y().norm1Number().doubleValue())) {
            throw fault("expected finite values, got some in y that are not");
        }
        return new Observations(
                returned.y().castTo(DataType.FLOAT), returned.conditioning().map(known -> known(known, x)));
    }

    Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return call("refill", () -> model.refill(observed, rng));
    }

    Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return call("guess", () -> model.guess(state, conditioning));
    }

    Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return call("seen", () -> model.seen(conditioning));
    }

    private INDArray known(INDArray conditioning, INDArray x) {
        long[] shape = conditioning.shape();
        boolean maps = shape.length == 4 && x.rank() == 4 && shape[2] == x.size(2) && shape[3] == x.size(3);
        if ((shape.length != 2 && !maps) || shape[0] != x.size(0)) {
            throw fault("expected conditioning [N, d], or [N, c, height, width] as x has, got " + Arrays.toString(shape)
                    + " for x " + Arrays.toString(x.shape()));
        }
        return conditioning.castTo(DataType.FLOAT);
    }

    private <T> T call(String what, Supplier<T> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(model.getClass().getClassLoader());
        T result;
        try {
            result = code.get();
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(label + ": " + refused.getMessage(), refused);
        } catch (RuntimeException thrown) {
            throw new IllegalStateException(label + " threw " + thrown, thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
        if (result == null) {
            throw fault("returned null from " + what);
        }
        return result;
    }

    private IllegalArgumentException fault(String sentence) {
        return new IllegalArgumentException(label + ": " + sentence);
    }
}
