package dev.palimpsest.plugins.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ChainTest {
    private static final long[] ITEM = {2, 3, 4};

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private final INDArray x = Samples.gaussian(generator(3), 5, 2, 3, 4);

    /** y = gain x + noise xi, of which a vector of {@code known} numbers is known, counted from the gain. */
    record Scale(double gain, double noise, int known) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = Samples.gaussian(rng, x.shape()).muli(noise).addi(x.mul(gain));
            return known == 0
                    ? Observations.of(y)
                    : Observations.of(
                            y, Nd4j.arange(gain, gain + x.size(0) * known).reshape(x.size(0), known));
        }
    }

    /** Loses pixels of images; prepared, it is another class. */
    record Mask(double probability) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            throw new IllegalStateException("was not prepared");
        }

        @Override
        public ForwardModel prepare(long[] itemShape) {
            if (itemShape.length != 3) {
                throw new IllegalArgumentException("needs images, got " + itemShape.length + " axes");
            }
            return (x, rng) -> {
                INDArray seen = Samples.bernoulli(rng, 1 - probability, x.size(0), 1, itemShape[1], itemShape[2]);
                return Observations.of(x.mul(seen), seen);
            };
        }
    }

    private static Observations masked(float... seen) {
        INDArray map = Nd4j.createFromArray(seen).reshape(1, 1, 2, 2);
        return Observations.of(Nd4j.ones(1, 1, 2, 2).muli(7), map);
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Test
    void what_the_last_model_loses_is_filled_anew_and_the_rest_and_what_is_known_stay() {
        ForwardModel chain = chain(new Scale(2, .5, 2), new Loss(.5));
        Observations observed = chain.apply(x, generator(7));
        Observations again = chain.refill(observed, generator(8)).orElseThrow();
        assertThat(again.conditioning()).isEqualTo(observed.conditioning());
        INDArray alone = new Loss(.5)
                .refill(
                        Observations.of(
                                observed.y(),
                                Nd4j.createFromArray(seen(observed)).reshape(5, 1, 3, 4)),
                        generator(8))
                .orElseThrow()
                .y();
        assertThat(again.y()).isEqualTo(alone).isNotEqualTo(observed.y());
        assertThat(chain.prepare(ITEM)
                        .refill(observed, generator(8))
                        .orElseThrow()
                        .y())
                .isEqualTo(alone);
        assertThat(chain(new Scale(2, .5, 2), chain(new Loss(.5)))
                        .refill(observed, generator(8))
                        .orElseThrow()
                        .y())
                .isEqualTo(alone);
    }

    /** The last of the maps, that before it are two of the constants that Scale tells. */
    private static float[] seen(Observations observed) {
        float[] known = values(observed.conditioning().orElseThrow());
        float[] seen = new float[5 * 12];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = known[i / 12 * 36 + 24 + i % 12];
        }
        return seen;
    }

    @Test
    void vectors_that_were_spread_beside_maps_are_vectors_again_for_the_last_model() {
        ForwardModel chain = chain(new Mask(0), new Numbered()).prepare(ITEM);
        Observations observed = chain.apply(x, generator(7));
        assertThat(observed.conditioning().orElseThrow().shape()).containsExactly(5, 3, 3, 4);
        assertThat(chain.refill(observed, generator(8)).orElseThrow().y())
                .isEqualTo(new Numbered()
                        .refill(Observations.of(x, Numbered.known(5)), generator(8))
                        .orElseThrow()
                        .y());
    }

    @Test
    void marks_are_enough_where_only_the_last_model_tells_something() {
        INDArray marked = masked(1, 1, 1, 1).y().putScalar(2, Float.NaN);
        Observations filled = chain(new Scale(2, .5, 0), new Loss(.5))
                .refill(Observations.of(marked), generator(7))
                .orElseThrow();
        assertThat(values(filled.conditioning().orElseThrow())).containsExactly(1, 1, 0, 1);
        assertThat(values(filled.y())).startsWith(7, 7).endsWith(7).doesNotContain(Float.NaN);
        assertThat(chain(new Scale(2, .5, 1), new Loss(.5)).refill(Observations.of(marked), generator(7)))
                .isEmpty();
    }

    @Test
    void a_filler_that_later_models_corrupt_cannot_be_drawn_anew() {
        Observations observed = masked(1, 0, 1, 1);
        assertThat(chain().refill(observed, generator(7))).isEmpty();
        assertThat(chain(new Loss(.5), new Scale(2, .5, 0)).refill(observed, generator(7)))
                .isEmpty();
        ForwardModel unasked = (x, rng) -> {
            throw new AssertionError("was asked although the last model fills nothing");
        };
        assertThat(chain(unasked, new Scale(2, .5, 0)).refill(Observations.of(observed.y()), generator(7)))
                .isEmpty();
        Observations both = Observations.of(observed.y(), Nd4j.ones(1, 2, 2, 2));
        assertThat(chain(new Loss(.5), new Loss(.5)).refill(both, generator(7))).isEmpty();
    }

    @Test
    void what_the_last_model_refuses_to_fill_is_told_with_its_place() {
        ForwardModel chain = chain(new Scale(2, .5, 0), new Loss(.5));
        assertThatThrownBy(() -> chain.refill(masked(1, .5f, 0, 1), generator(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model 2 of the chain (Loss): expected a mask, got 0.5");
        assertThatThrownBy(() -> chain.refill(Observations.of(Nd4j.ones(1, 1, 2, 2), Nd4j.ones(1, 3)), generator(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected conditioning that ends with what the last model of the chain tells, [1, 1, 2, 2]"
                        + " of an item, got [1, 3]");
    }

    @Test
    void a_guess_is_the_last_models_with_its_part_of_what_is_known() {
        ForwardModel chain = chain(new Scale(2, .5, 2), new Loss(.5));
        Observations observed = chain.apply(x, generator(7));
        INDArray mask = Nd4j.createFromArray(seen(observed)).reshape(5, 1, 3, 4);
        INDArray alone = new Loss(.5).guess(x, Optional.of(mask)).orElseThrow();
        assertThat(chain.guess(x, observed.conditioning())).contains(alone);
        assertThat(chain.prepare(ITEM).guess(x, observed.conditioning())).contains(alone);
        assertThat(chain(new Scale(2, .5, 2), chain(new Loss(.5))).guess(x, observed.conditioning()))
                .contains(alone);
        assertThat(chain(new Scale(2, .5, 0), new Loss(.5)).guess(x, Optional.of(mask)))
                .contains(alone);
        assertThat(chain(new Loss(.5)).guess(x, Optional.of(mask))).contains(alone);
    }

    @Test
    void vectors_that_were_spread_beside_maps_are_vectors_again_for_the_last_models_guess() {
        ForwardModel chain = chain(new Mask(0), new Numbered()).prepare(ITEM);
        Observations observed = chain.apply(x, generator(7));
        assertThat(chain.guess(x, observed.conditioning())).contains(x.add(1));
    }

    @Test
    void a_chain_whose_last_model_has_no_guess_has_none() {
        Observations observed = masked(1, 0, 1, 1);
        assertThat(chain().guess(observed.y(), observed.conditioning())).isEmpty();
        assertThat(chain(new Loss(.5), new Scale(2, .5, 0)).guess(observed.y(), observed.conditioning()))
                .isEmpty();
        assertThat(chain(new Scale(2, .5, 0), new Loss(.5)).guess(observed.y(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void values_are_seen_by_a_chain_of_one_model_only() {
        INDArray mask = masked(1, 0, 1, 1).conditioning().orElseThrow();
        assertThat(chain(new Loss(.5)).seen(Optional.of(mask))).contains(mask);
        assertThat(chain(chain(new Loss(.5))).prepare(new long[] {1, 2, 2}).seen(Optional.of(mask)))
                .contains(mask);
        assertThat(chain(new Scale(2, .5, 0), new Loss(.5)).seen(Optional.of(mask)))
                .isEmpty();
        assertThat(chain().seen(Optional.of(mask))).isEmpty();
    }

    @Test
    void conditioning_that_does_not_end_with_the_last_models_is_refused() {
        assertThatThrownBy(() -> chain(new Scale(2, .5, 0), new Loss(.5))
                        .guess(Nd4j.ones(1, 1, 2, 2), Optional.of(Nd4j.ones(1, 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected conditioning that ends with what the last model of the chain tells, [1, 1, 2, 2]"
                        + " of an item, got [1, 3]");
    }

    /** Adds noise wherever 7 is not, of which two numbers are known, and takes no others. */
    record Numbered() implements ForwardModel {
        static INDArray known(long items) {
            return Nd4j.arange(2 * items).reshape(items, 2);
        }

        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(Samples.gaussian(rng, x.shape()).addi(x), known(x.size(0)));
        }

        @Override
        public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
            INDArray y = observed.y();
            INDArray known = known(y.size(0));
            if (!observed.conditioning().orElse(known).equals(known)) {
                throw new IllegalArgumentException("expected its own numbers");
            }
            return Optional.of(Observations.of(Samples.gaussian(rng, y.shape()), known));
        }

        @Override
        public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
            assertThat(conditioning).contains(known(state.size(0)));
            return Optional.of(state.add(1));
        }
    }

    private static Chain chain(ForwardModel... models) {
        return new Chain(List.of(models));
    }

    @Test
    void the_plugin_brings_a_chain_of_no_models_which_is_the_identity() {
        ForwardModel found = ServiceLoader.load(ForwardModel.class).findFirst().orElseThrow();
        assertThat(found).isEqualTo(new Chain(List.of()));
        Observations observed = found.prepare(ITEM).apply(x, generator(1));
        assertThat(observed.y()).isEqualTo(x).isNotSameAs(x);
        assertThat(observed.conditioning()).isEmpty();
    }

    @Test
    void the_models_corrupt_in_turn_with_the_one_generator() {
        Observations observed =
                chain(new Scale(2, .5, 0), new Scale(-1, .25, 0)).apply(x, generator(7));
        RandomGenerator rng = generator(7);
        INDArray first = new Scale(2, .5, 0).apply(x, rng).y();
        assertThat(observed.y())
                .isEqualTo(new Scale(-1, .25, 0).apply(first, rng).y());
        assertThat(observed.conditioning()).isEmpty();
        assertThat(chain(new Scale(-1, .25, 0), new Scale(2, .5, 0))
                        .apply(x, generator(7))
                        .y())
                .isNotEqualTo(observed.y());
    }

    @Test
    void a_chain_in_a_chain_is_the_longer_chain() {
        Scale one = new Scale(2, .5, 1);
        Scale two = new Scale(3, .25, 0);
        Mask three = new Mask(.5);
        Observations nested = chain(one, chain(two, three)).prepare(ITEM).apply(x, generator(7));
        Observations flat = chain(one, two, three).prepare(ITEM).apply(x, generator(7));
        assertThat(nested.y()).isEqualTo(flat.y());
        assertThat(nested.conditioning()).isEqualTo(flat.conditioning());
    }

    @Test
    void vectors_are_joined_to_longer_vectors() {
        INDArray known = chain(new Scale(1, 0, 2), new Scale(9, 0, 0), new Scale(20, 0, 1))
                .apply(x, generator(1))
                .conditioning()
                .orElseThrow();
        assertThat(known).isEqualTo(Nd4j.createFromArray(new float[][] {
            {1, 2, 20}, {3, 4, 21}, {5, 6, 22}, {7, 8, 23}, {9, 10, 24}
        }));
    }

    @Test
    void maps_are_joined_along_their_channels() {
        INDArray known = chain(new Mask(.5), new Mask(0))
                .prepare(ITEM)
                .apply(x, generator(1))
                .conditioning()
                .orElseThrow();
        RandomGenerator rng = generator(1);
        assertThat(known.shape()).containsExactly(5, 2, 3, 4);
        assertThat(known.tensorAlongDimension(0, 0, 2, 3).dup())
                .isEqualTo(Samples.bernoulli(rng, .5, 5, 1, 3, 4).reshape(5, 3, 4));
        assertThat(known.tensorAlongDimension(1, 0, 2, 3).dup()).isEqualTo(Nd4j.ones(5, 3, 4));
    }

    @Test
    void beside_maps_each_number_of_a_vector_is_a_constant_map_in_the_order_of_the_models() {
        INDArray known = chain(new Scale(1, 0, 2), new Mask(0), new Scale(20, 0, 1))
                .prepare(ITEM)
                .apply(x, generator(1))
                .conditioning()
                .orElseThrow();
        float[][] vectors = {{1, 2, 1, 20}, {3, 4, 1, 21}, {5, 6, 1, 22}, {7, 8, 1, 23}, {9, 10, 1, 24}};
        assertThat(known.shape()).containsExactly(5, 4, 3, 4);
        for (int item = 0; item < 5; item++) {
            for (int channel = 0; channel < 4; channel++) {
                for (int pixel = 0; pixel < 12; pixel++) {
                    assertThat(known.getFloat(item, channel, pixel / 4, pixel % 4))
                            .isEqualTo(vectors[item][channel]);
                }
            }
        }
    }

    @Test
    void the_same_generator_gives_the_same_result_and_x_is_left_alone() {
        INDArray before = x.dup();
        ForwardModel prepared = chain(new Scale(2, .5, 1), new Mask(.5)).prepare(ITEM);
        Observations one = prepared.apply(x, generator(9));
        Observations two = prepared.apply(x, generator(9));
        assertThat(two.y()).isEqualTo(one.y());
        assertThat(two.conditioning()).isEqualTo(one.conditioning());
        assertThat(prepared.apply(x, generator(10)).y()).isNotEqualTo(one.y());
        assertThat(x).isEqualTo(before);
    }

    @Test
    void what_a_model_refuses_is_told_with_its_place() {
        assertThatThrownBy(() -> chain(new Scale(1, 0, 0), new Mask(.5)).prepare(new long[] {7}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model 2 of the chain (Mask): needs images, got 1 axes");
        assertThatThrownBy(() -> chain(new Scale(1, 0, 0), new Mask(.5)).apply(x, generator(1)))
                .hasMessage("model 2 of the chain (Mask) threw java.lang.IllegalStateException: was not prepared");
        assertThatThrownBy(() -> chain(chain(new Scale(1, 0, 0), new Mask(.5))).prepare(new long[] {7}))
                .hasMessage("model 1 of the chain (Chain): model 2 of the chain (Mask): needs images, got 1 axes");
    }

    record Broken(INDArray y, INDArray known) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return known.isEmpty() ? Observations.of(y) : Observations.of(y, known);
        }
    }

    @Test
    void what_a_model_returns_is_checked_before_the_next_one_sees_it() {
        Scale next = new Scale(1, 0, 0);
        INDArray none = Nd4j.empty();
        assertThatThrownBy(() -> chain(next, new Broken(Nd4j.ones(5, 2, 3, 3), none), next)
                        .apply(x, generator(1)))
                .hasMessage("model 2 of the chain (Broken): expected y of shape [5, 2, 3, 4], got [5, 2, 3, 3]");
        assertThatThrownBy(() -> chain(new Broken(x.dup().putScalar(7, Double.NaN), none), next)
                        .apply(x, generator(1)))
                .hasMessage("model 1 of the chain (Broken): expected finite values, got some in y that are not");
        assertThatThrownBy(() ->
                        chain(new Broken(x.dup(), Nd4j.ones(4, 2)), next).apply(x, generator(1)))
                .hasMessageContaining("model 1 of the chain (Broken): expected conditioning [N, d]")
                .hasMessageContaining("got [4, 2] for x [5, 2, 3, 4]");
        assertThatThrownBy(() ->
                        chain(new Broken(x.dup(), Nd4j.ones(5, 1, 3, 9)), next).apply(x, generator(1)))
                .hasMessageContaining("got [5, 1, 3, 9] for x [5, 2, 3, 4]");
        assertThatThrownBy(() -> chain((x, rng) -> null).apply(x, generator(1)))
                .hasMessageContaining("model 1 of the chain")
                .hasMessageEndingWith(": returned null from apply");
    }

    @Test
    void a_model_that_writes_into_its_input_is_told_with_its_place() {
        ForwardModel writing = (x, rng) -> Observations.of(x.addi(1).dup());
        assertThatThrownBy(() -> chain(new Scale(1, 0, 0), writing).apply(x, generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("model 2 of the chain (")
                .hasMessageEndingWith("): modified its input: work on a copy, x.dup()");
    }

    @Test
    void each_model_runs_with_its_own_class_loader_as_the_threads() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader outer = new URLClassLoader(new URL[0], before)) {
            thread.setContextClassLoader(outer);
            ForwardModel asking = (x, rng) -> {
                assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(ChainTest.class.getClassLoader());
                return Observations.of(x.dup());
            };
            chain(asking, asking).prepare(ITEM).apply(x, generator(1));
            assertThat(thread.getContextClassLoader()).isSameAs(outer);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
