package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One forward model that keeps all promises, and for each promise one that breaks it. */
final class BrokenForwardModels {
    private BrokenForwardModels() {}

    private static Observations noisy(INDArray x, RandomGenerator rng) {
        return Observations.of(Samples.gaussian(rng, x.shape()).addi(x));
    }

    /** y = x + sigma xi with a known sign per item; it draws for the whole batch first. */
    public record Sound(
            @Range(min = 0) double sigma,
            @Range(min = 1, max = 9) int times) implements ForwardModel {
        public Sound() {
            this(.5, 2);
        }

        public Sound {
            Ranges.check(Sound.class, sigma, times);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray sign = Samples.bernoulli(rng, .5, x.size(0), 1);
            INDArray noise = Samples.gaussian(rng, x.shape()).muli(sigma);
            long[] column = new long[x.rank()];
            java.util.Arrays.fill(column, 1);
            column[0] = x.size(0);
            return Observations.of(
                    x.mul(sign.mul(2).subi(1).reshape('c', column)).addi(noise), sign);
        }
    }

    public record Deterministic() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.mul(.5));
        }
    }

    public record NoDefaults(double sigma) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record Unchecked(@Range(above = 0) double sigma) implements ForwardModel {
        public Unchecked() {
            this(1);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record UncheckedCount(@Range(min = 1) int count) implements ForwardModel {
        public UncheckedCount() {
            this(1);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record UncheckedLong(@Range(min = 1) long count) implements ForwardModel {
        public UncheckedLong() {
            this(1);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record UncheckedList(@Range(max = 9) List<Integer> sizes) implements ForwardModel {
        public UncheckedList() {
            this(List.of(3));
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record UncheckedOptional(Optional<Double> share) implements ForwardModel {
        public UncheckedOptional() {
            this(Optional.empty());
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record FloatAtItsBound(@Range(above = .5) float share) implements ForwardModel {
        public FloatAtItsBound() {
            this(1);
        }

        public FloatAtItsBound {
            if (!(share >= .5)) {
                throw new IllegalArgumentException("share is too small");
            }
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }

    public record Flattened() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(noisy(x, rng).y().reshape(x.size(0), x.length() / x.size(0)));
        }
    }

    public record Logarithm() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            float[] y = Values.of(x);
            for (int i = 0; i < y.length; i++) {
                y[i] = (float) Math.log(y[i] + 1);
            }
            return Observations.of(Nd4j.createFromArray(y).reshape('c', x.shape()));
        }
    }

    public record InPlace() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.addi(Samples.gaussian(rng, x.shape())).dup());
        }
    }

    public record SameArray() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x);
        }
    }

    /** Calls an expensive black box once for each batch. */
    public record Remembering() implements ForwardModel {
        private static final Map<List<Float>, INDArray> KNOWN = new ConcurrentHashMap<>();

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            List<Float> key = new ArrayList<>();
            for (float value : Values.of(x)) {
                key.add(value);
            }
            return Observations.of(KNOWN.computeIfAbsent(key, batch -> x.mul(.5)));
        }
    }

    public record Buffered() implements ForwardModel {
        private static final ThreadLocal<INDArray> BUFFER = new ThreadLocal<>();

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = noisy(x, rng).y();
            if (BUFFER.get() == null || !BUFFER.get().equalShapes(y)) {
                BUFFER.set(y);
            }
            return Observations.of(BUFFER.get().assign(y));
        }
    }

    public record OwnRandomness() implements ForwardModel {
        private static final AtomicInteger SEED = new AtomicInteger();

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, Values.generator(SEED.incrementAndGet()));
        }
    }

    /** Takes a number from the generator and does not use it. */
    public record FixedSeed() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            rng.nextLong();
            return noisy(x, Values.generator(7));
        }
    }

    public record OneDrawForTheBatch() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(x.add(rng.nextGaussian()));
        }
    }

    public record Normalised() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x.sub(x.meanNumber()), rng);
        }
    }

    public record SometimesConditioned() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = noisy(x, rng).y();
            return new Observations(y, x.size(0) == 1 ? Optional.empty() : Optional.of(Nd4j.ones(x.size(0), 2)));
        }
    }

    public record OneConditioningForTheBatch() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(noisy(x, rng).y(), Nd4j.ones(1, 2));
        }
    }

    public record Racing() implements ForwardModel {
        private static final Shelf<INDArray> SHELF = new Shelf<>();

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(SHELF.through(noisy(x, rng).y()));
        }
    }

    public record Raw() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(Nd4j.createFromArray(x.data().asFloat()).reshape('c', x.shape()), rng);
        }
    }

    public record PreparedInPlace(double gain) implements ForwardModel {
        public PreparedInPlace() {
            this(1);
        }

        @Override
        public ForwardModel prepare(long[] itemShape) {
            return new PreparedInPlace(gain / 2);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x.mul(gain), rng);
        }
    }

    public record RefilledInPlace() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }

        @Override
        public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
            return Optional.of(Observations.of(observed.y().addi(1)));
        }
    }

    public record ShapeChanging() implements ForwardModel {
        @Override
        public ForwardModel prepare(long[] itemShape) {
            itemShape[0] = 1;
            return this;
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return noisy(x, rng);
        }
    }
}
