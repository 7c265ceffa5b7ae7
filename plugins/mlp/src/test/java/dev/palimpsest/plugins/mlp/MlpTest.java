package dev.palimpsest.plugins.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MlpTest {
    private static final DriftSignature VECTORS = new DriftSignature(new long[] {2}, 0, 3);
    private static final Mlp SMALL = new Mlp(List.of(16, 16));

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private final INDArray t = Samples.uniform(rng, 5);
    private final INDArray x = Samples.gaussian(rng, 5, 2);
    private final Optional<INDArray> conditioning = Optional.of(Samples.gaussian(rng, 5, 3));
    private final INDArray target = Samples.gaussian(rng, 5, 2);

    private DriftNetwork awake(DriftSignature signature) {
        DriftNetwork network = SMALL.build(signature, 1);
        network.parameters()
                .addi(Samples.gaussian(rng, network.parameters().length()).muli(.3));
        return network;
    }

    @Test
    void a_new_network_is_zero_everywhere() {
        assertThat(SMALL.build(VECTORS, 1).velocity(t, x, conditioning)).isEqualTo(Nd4j.zeros(5, 2));
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        INDArray parameters = SMALL.build(VECTORS, 1).parameters();
        assertThat(SMALL.build(VECTORS, 1).parameters().toFloatVector()).isEqualTo(parameters.toFloatVector());
        assertThat(SMALL.build(VECTORS, 2).parameters().toFloatVector()).isNotEqualTo(parameters.toFloatVector());
    }

    @Test
    void building_and_training_leave_the_global_random_state_alone() {
        long before = Nd4j.getRandom().rootState();
        long node = Nd4j.getRandom().nodeState();
        SMALL.build(VECTORS, 1).squaredError(t, x, conditioning, target);
        assertThat(Nd4j.getRandom().rootState()).isEqualTo(before);
        assertThat(Nd4j.getRandom().nodeState()).isEqualTo(node);
    }

    @Test
    void hidden_weights_have_the_variance_two_over_inputs() {
        // 2 + 3 + 11 inputs; 16 * 400 weights: the standard error of their variance v is v sqrt(2/6400) = .018 v
        INDArray weights = new Mlp(List.of(400)).build(VECTORS, 3).parameters().get(NDArrayIndex.interval(0, 6400));
        assertThat(weights.varNumber().doubleValue()).isCloseTo(2.0 / 16, within(4 * .018 * 2 / 16));
    }

    @Test
    void the_parameters_are_flat_and_live() {
        DriftNetwork network = awake(VECTORS);
        INDArray before = network.velocity(t, x, conditioning);
        assertThat(network.parameters().shape()).containsExactly(16 * 16 + 16 + 16 * 16 + 16 + 16 * 2 + 2);
        network.parameters().assign(0);
        assertThat(network.velocity(t, x, conditioning))
                .isEqualTo(Nd4j.zeros(5, 2))
                .isNotEqualTo(before);
    }

    /**
     * The central difference (L(p + h d) - L(p - h d)) / 2h along a unit vector d has an error of h^2 L''' / 6, about 1e-4 for h = 1e-2, and one of about
     * 1e-7 L / h = 1e-5 from float32.
     */
    @Test
    void the_gradient_agrees_with_finite_differences_with_vector_conditioning() {
        DriftNetwork network = awake(VECTORS);
        INDArray gradient =
                network.squaredError(t, x, conditioning, target).gradient().dup();
        assertThat(gradient.shape()).isEqualTo(network.parameters().shape());
        double h = 1e-2;
        for (int direction = 0; direction < 20; direction++) {
            INDArray d = Samples.gaussian(rng, gradient.length());
            d.divi(d.norm2Number());
            network.parameters().addi(d.mul(h));
            double above = network.squaredError(t, x, conditioning, target).loss();
            network.parameters().subi(d.mul(2 * h));
            double below = network.squaredError(t, x, conditioning, target).loss();
            network.parameters().addi(d.mul(h));
            double slope = gradient.mul(d).sumNumber().doubleValue();
            assertThat((above - below) / (2 * h)).isCloseTo(slope, within(1e-3 * (1 + Math.abs(slope))));
        }
    }

    @Test
    void the_loss_is_the_mean_over_items_and_dimensions() {
        DriftNetwork network = awake(VECTORS);
        INDArray error = network.velocity(t, x, conditioning).sub(target);
        double mean = error.mul(error).sumNumber().doubleValue() / 10;
        assertThat(network.squaredError(t, x, conditioning, target).loss()).isCloseTo(mean, within(1e-5 * mean));
    }

    @Test
    void a_batch_is_its_items_one_by_one() {
        DriftNetwork network = awake(VECTORS);
        INDArray all = network.velocity(t, x, conditioning);
        for (int i = 0; i < 5; i++) {
            var item = NDArrayIndex.interval(i, i + 1);
            INDArray one = network.velocity(t.get(item), x.get(item), conditioning.map(c -> c.get(item)));
            assertThat(one.sub(all.get(item)).amaxNumber().doubleValue()).isLessThan(1e-5);
        }
    }

    @Test
    void an_earlier_result_is_not_overwritten_by_a_later_call() {
        DriftNetwork network = awake(VECTORS);
        INDArray first = network.velocity(t, x, conditioning);
        INDArray kept = first.dup();
        network.velocity(t, x.add(1), conditioning);
        network.squaredError(t, x.add(2), conditioning, target);
        assertThat(first).isEqualTo(kept);
    }

    /** Six sizes, twice: more than are kept in memory; each size is computed alike however often the others come between. */
    @Test
    void batch_sizes_may_be_mixed() {
        DriftNetwork network = awake(VECTORS);
        INDArray times = Samples.uniform(rng, 900);
        INDArray items = Samples.gaussian(rng, 900, 2);
        INDArray known = Samples.gaussian(rng, 900, 3);
        INDArray all = network.velocity(times, items, Optional.of(known));
        for (int n : new int[] {1, 255, 256, 257, 700, 900, 1, 255, 256, 257, 700, 900}) {
            var first = NDArrayIndex.interval(0, n);
            Optional<INDArray> vectors = Optional.of(known.get(first));
            INDArray some = network.velocity(times.get(first), items.get(first), vectors);
            assertThat(some.sub(all.get(first)).amaxNumber().doubleValue()).isLessThan(1e-5);
            LossGradient zero = network.squaredError(times.get(first), items.get(first), vectors, some);
            assertThat(zero.loss()).isLessThan(1e-10);
        }
    }

    @Test
    void a_nan_in_one_item_reaches_its_velocity_and_the_loss_and_the_gradient() {
        DriftNetwork network = awake(VECTORS);
        x.putScalar(3, 0, Float.NaN);
        INDArray velocity = network.velocity(t, x, conditioning);
        for (int i = 0; i < 5; i++) {
            assertThat(Float.isNaN(velocity.getFloat(i, 0))).isEqualTo(i == 3);
        }
        LossGradient result = network.squaredError(t, x, conditioning, target);
        assertThat(result.loss()).isNaN();
        assertThat(result.gradient().getFloat(0)).isNaN();
    }

    @Test
    void images_and_maps_are_flattened_in_channel_row_column_order() {
        DriftNetwork images = awake(new DriftSignature(new long[] {3, 4, 5}, 2, 0));
        DriftNetwork rows = SMALL.build(new DriftSignature(new long[] {60}, 0, 40), 1);
        rows.parameters().assign(images.parameters());
        INDArray image = Samples.gaussian(rng, 5, 3, 4, 5);
        INDArray maps = Samples.gaussian(rng, 5, 2, 4, 5);
        INDArray velocity = images.velocity(t, image.dup('f'), Optional.of(maps));
        assertThat(velocity.shape()).containsExactly(5, 3, 4, 5);
        assertThat(velocity.reshape('c', 5, 60))
                .isEqualTo(rows.velocity(t, image.reshape(5, 60), Optional.of(maps.reshape(5, 40))));
    }

    @Test
    void what_the_signature_did_not_announce_is_refused() {
        DriftNetwork network = awake(VECTORS);
        assertThatThrownBy(() -> network.velocity(t, x, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this mlp was built for 3 values of conditioning an item, got no conditioning");
        assertThatThrownBy(() -> network.velocity(t, Nd4j.zeros(5, 3), conditioning))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mlp: x must hold 5 items of 2 values, got shape [5, 3]");
        assertThatThrownBy(() -> SMALL.build(new DriftSignature(new long[] {2}, 1, 0), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mlp takes conditioning vectors, or maps for items [channels, height, width]");
        assertThatThrownBy(() -> new Mlp(List.of(8, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("widths must be at least 1, got 0");
    }

    /** Gradient descent on a regression with no noise: the loss starts at the mean square of A x, 1.25 in expectation, and must all but vanish. */
    @Test
    void it_learns_a_linear_map() {
        DriftSignature signature = new DriftSignature(new long[] {2}, 0, 0);
        DriftNetwork network = new Mlp(List.of(32)).build(signature, 4);
        INDArray a = Nd4j.createFromArray(new float[][] {{1, -1}, {.5f, .5f}});
        double first = 0;
        double last = 0;
        for (int step = 0; step < 600; step++) {
            INDArray batch = Samples.gaussian(rng, 64, 2);
            LossGradient result =
                    network.squaredError(Samples.uniform(rng, 64), batch, Optional.empty(), batch.mmul(a));
            first = step == 0 ? result.loss() : first;
            last = result.loss();
            network.parameters().subi(result.gradient().mul(.1));
        }
        assertThat(first).isBetween(.8, 1.8);
        assertThat(last).isLessThan(.02 * first);
    }

    /** Rows of 2 + 3 + 11 numbers, two hidden layers of 16, outputs of 2: 16 * 17 + 17 * 16 + 17 * 2 weights. */
    @Test
    void the_memory_told_is_that_of_weights_rows_and_hidden_layers() {
        assertThat(SMALL.build(VECTORS, 1).parameters().length()).isEqualTo(578);
        assertThat(SMALL.memory(VECTORS, 0, false)).hasValue(4 * 578);
        assertThat(SMALL.memory(VECTORS, 0, true)).hasValue(8 * 578);
        assertThat(SMALL.memory(VECTORS, 10, false)).hasValue(4 * (578 + 10 * (16 + 2 + 2 * 16)));
        assertThat(SMALL.memory(VECTORS, 10, true)).hasValue(4 * (2 * 578 + 10 * (16 + 2 + 3 * 2 * 16)));
    }

    List<KernelTime> times() {
        DriftNetwork network = awake(VECTORS);
        network.squaredError(t, x, conditioning, target);
        return network.kernelTimes(t, x, conditioning, target);
    }

    @Test
    void the_times_of_the_layers_add_up_to_less_than_the_whole() {
        long start = System.nanoTime();
        List<KernelTime> times = times();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(times).extracting(KernelTime::name).containsExactly("dense", "weight gradient");
        assertThat(times).allSatisfy(time -> {
            assertThat(time.count()).isEqualTo(3);
            assertThat(time.backwardSeconds()).isPositive();
        });
        assertThat(times.stream()
                        .mapToDouble(time -> time.forwardSeconds() + time.backwardSeconds())
                        .sum())
                .isLessThan(seconds);
    }
}
