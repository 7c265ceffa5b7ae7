package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Loses pixels, as the masks do: where seen, y = x, and elsewhere noise. What is known is 1 where seen: one map of images, of vectors a number for each. */
record Loss(double probability) implements ForwardModel {
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return filled(x, Samples.bernoulli(rng, 1 - probability, maskShape(x)), rng);
    }

    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        INDArray y = observed.y();
        return Optional.of(filled(y, observed.conditioning().orElseGet(() -> finite(y)), rng));
    }

    /** 0 where lost. */
    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return conditioning.map(mask -> state.mul(mask.broadcast(state.shape())));
    }

    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return conditioning.map(INDArray::dup);
    }

    private static Observations filled(INDArray y, INDArray seen, RandomGenerator rng) {
        float[] values = y.dup('c').data().asFloat();
        float[] mask = seen.dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
            float filler = (float) rng.nextGaussian();
            float at = mask[place(i, y)];
            if (at != 0 && at != 1) {
                throw new IllegalArgumentException("expected a mask, got " + at);
            }
            values[i] = at == 1 ? values[i] : filler;
        }
        return Observations.of(Nd4j.createFromArray(values).reshape('c', y.shape()), seen.dup());
    }

    private static INDArray finite(INDArray y) {
        float[] values = y.dup('c').data().asFloat();
        INDArray seen = Nd4j.ones(maskShape(y));
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                seen.putScalar(place(i, y), 0);
            }
        }
        return seen;
    }

    /** The place in the mask of a value. */
    private static int place(int i, INDArray y) {
        if (y.rank() == 2) {
            return i;
        }
        int pixels = (int) (y.size(2) * y.size(3));
        int item = (int) y.size(1) * pixels;
        return i / item * pixels + i % pixels;
    }

    private static long[] maskShape(INDArray x) {
        return x.rank() == 2 ? x.shape() : new long[] {x.size(0), 1, x.size(2), x.size(3)};
    }
}
