package dev.palimpsest.plugins.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class UNetTest {
    private static final UNet SMALL = new UNet(4, List.of(1, 2), 1, List.of(4));

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(5);

    /** Inputs of a batch, for a signature. */
    private record Batch(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        INDArray velocity(DriftNetwork network) {
            return network.velocity(t, x, conditioning);
        }

        LossGradient error(DriftNetwork network) {
            return network.squaredError(t, x, conditioning, target);
        }
    }

    private Batch batch(DriftSignature signature, long items) {
        long[] s = signature.itemShape();
        Optional<INDArray> conditioning = Optional.empty();
        if (signature.conditioningMaps() > 0) {
            conditioning = Optional.of(Samples.gaussian(rng, items, signature.conditioningMaps(), s[1], s[2]));
        } else if (signature.conditioningSize() > 0) {
            conditioning = Optional.of(Samples.gaussian(rng, items, signature.conditioningSize()));
        }
        return new Batch(
                Samples.uniform(rng, items),
                Samples.gaussian(rng, items, s[0], s[1], s[2]),
                conditioning,
                Samples.gaussian(rng, items, s[0], s[1], s[2]));
    }

    private static DriftSignature images(long channels, long height, long width, int maps, int size) {
        return new DriftSignature(new long[] {channels, height, width}, maps, size);
    }

    /** A network none of whose weights is at its start, so that no gradient vanishes. */
    private DriftNetwork perturbed(UNet unet, DriftSignature signature) {
        DriftNetwork network = unet.build(signature, 1);
        network.parameters()
                .addi(Samples.gaussian(rng, network.parameters().length()).mul(0.1));
        return network;
    }

    /**
     * Along a direction d, (L(p + h d) - L(p - h d)) / 2h differs from d . grad L by O(h^2) and by float32's rounding of the loss, about
     * 1e-6 L / h. With d of length 1 along the gradient plus noise, and h = .01, both are below one percent of the derivative.
     */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 4, 1, 8, 8, 0, 0",
        "4, 2, 1, 4, 3, 8, 8, 1, 0",
        "4, 2, 1, 8, 1, 8, 8, 0, 5",
        "8, 2, 2, 4, 2, 6, 10, 0, 0",
        "6, 3, 1, 2, 1, 7, 5, 2, 0"
    })
    void the_gradient_is_that_of_finite_differences(
            int channels,
            int last,
            int blocks,
            int attention,
            long colours,
            long height,
            long width,
            int maps,
            int size) {
        DriftSignature signature = images(colours, height, width, maps, size);
        try (DriftNetwork network =
                perturbed(new UNet(channels, List.of(1, last), blocks, List.of(attention)), signature)) {
            Batch batch = batch(signature, 3);
            INDArray gradient = batch.error(network).gradient().dup();
            INDArray parameters = network.parameters();
            INDArray start = parameters.dup();
            double h = 0.01;
            for (int trial = 0; trial < 4; trial++) {
                INDArray direction = Samples.gaussian(rng, gradient.length());
                direction.divi(direction.norm2Number());
                direction.addi(gradient.div(gradient.norm2Number()));
                direction.divi(direction.norm2Number());
                parameters.assign(start.add(direction.mul(h)));
                double above = batch.error(network).loss();
                parameters.assign(start.sub(direction.mul(h)));
                double below = batch.error(network).loss();
                double expected = Nd4j.getBlasWrapper().dot(direction, gradient);
                assertThat((above - below) / (2 * h)).isCloseTo(expected, within(0.01 * Math.abs(expected)));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As above, along the gradient of one part of the weights at a time, so that a small wrong part cannot hide: every layer lies in some part. */
    @Test
    void the_gradient_of_every_part_of_the_weights_is_that_of_finite_differences() {
        int parts = 60;
        DriftSignature signature = images(2, 8, 8, 1, 0);
        try (DriftNetwork network = perturbed(new UNet(4, List.of(1, 2), 1, List.of(8)), signature)) {
            Batch batch = batch(signature, 3);
            LossGradient error = batch.error(network);
            INDArray gradient = error.gradient().dup();
            INDArray parameters = network.parameters();
            INDArray start = parameters.dup();
            double h = 0.01;
            long length = parameters.length();
            for (int part = 0; part < parts; part++) {
                INDArrayIndex range = NDArrayIndex.interval(length * part / parts, length * (part + 1) / parts);
                INDArray direction = gradient.ulike().assign(0);
                direction.get(range).assign(gradient.get(range));
                direction.divi(direction.norm2Number());
                parameters.assign(start.add(direction.mul(h)));
                double above = batch.error(network).loss();
                parameters.assign(start.sub(direction.mul(h)));
                double below = batch.error(network).loss();
                double expected = Nd4j.getBlasWrapper().dot(direction, gradient);
                double rounding = 2e-6 * error.loss() / h;
                assertThat((above - below) / (2 * h))
                        .as("part " + part)
                        .isCloseTo(expected, within(0.02 * expected + rounding));
            }
        }
    }

    @Test
    void the_output_is_zero_at_the_start_and_the_parameters_are_live() {
        DriftSignature signature = images(1, 8, 8, 0, 0);
        try (DriftNetwork network = new UNet(8, List.of(1, 2), 1, List.of()).build(signature, 1)) {
            Batch batch = batch(signature, 2);
            assertThat(batch.velocity(network).amaxNumber().doubleValue()).isZero();
            network.parameters().addi(0.05);
            INDArray moved = batch.velocity(network);
            assertThat(moved.amaxNumber().doubleValue()).isPositive();
            INDArray kept = moved.dup();
            batch.velocity(network).addi(1);
            assertThat(moved).isEqualTo(kept);
        }
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        DriftSignature signature = images(1, 8, 8, 0, 0);
        UNet unet = new UNet(8, List.of(1, 2), 1, List.of(4));
        try (DriftNetwork one = unet.build(signature, 1);
                DriftNetwork again = unet.build(signature, 1);
                DriftNetwork other = unet.build(signature, 2)) {
            assertThat(again.parameters()).isEqualTo(one.parameters());
            assertThat(other.parameters()).isNotEqualTo(one.parameters());
            Batch batch = batch(signature, 3);
            INDArray first = batch.error(one).gradient().dup();
            assertThat(batch.error(again).gradient()).isEqualTo(first);
            assertThat(batch.error(one).gradient()).isEqualTo(first);
        }
    }

    /** Items never meet in the network; what differs is the order of float32 sums in ND4J's kernels for another batch size. */
    @Test
    void a_batch_is_its_items_one_by_one_whatever_sizes_come_in_between() {
        DriftSignature signature = images(2, 6, 10, 1, 0);
        try (DriftNetwork network = perturbed(new UNet(8, List.of(1, 2), 1, List.of(3)), signature)) {
            Batch batch = batch(signature, 6);
            INDArray whole = batch.velocity(network);
            double scale = whole.amaxNumber().doubleValue();
            for (int size : new int[] {1, 2, 3, 4, 5, 6, 1}) {
                NDRange rows = new NDRange(0, size);
                INDArray part = network.velocity(
                        rows.of(batch.t()),
                        rows.of(batch.x()),
                        batch.conditioning().map(rows::of));
                assertThat(part.equalsWithEps(rows.of(whole), 1e-5 * scale))
                        .as(size + " items")
                        .isTrue();
            }
        }
    }

    @Test
    void the_gradient_has_the_same_bits_at_every_call() {
        DriftSignature signature = images(1, 8, 8, 0, 0);
        DriftNetwork network = perturbed(SMALL, signature);
        Batch batch = batch(signature, 4);
        INDArray gradient = batch.error(network).gradient().dup();
        batch.velocity(network);
        assertThat(batch.error(network).gradient().toFloatVector()).isEqualTo(gradient.toFloatVector());
    }

    @Test
    void it_is_found_as_a_drift_architecture() {
        assertThat(ServiceLoader.load(DriftArchitecture.class)).contains(new UNet());
    }

    private record NDRange(int from, int to) {
        INDArray of(INDArray array) {
            return array.get(NDArrayIndex.interval(from, to)).dup('c');
        }
    }

    @Test
    void the_loss_is_the_mean_of_the_squared_error_over_items_and_dimensions() {
        DriftSignature signature = images(3, 5, 7, 0, 2);
        try (DriftNetwork network = perturbed(new UNet(4, List.of(1, 2), 1, List.of()), signature)) {
            Batch batch = batch(signature, 4);
            INDArray error = batch.velocity(network).sub(batch.target());
            double expected = error.mul(error).meanNumber().doubleValue();
            assertThat(batch.error(network).loss()).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    /** With 4 channels, the time has 4 features and its embedding 16; the inputs here are as long, and the loss's plan, which shares no memory, is the witness. */
    @ParameterizedTest
    @CsvSource({"1, 4, 4, 0", "1, 2, 2, 0", "4, 2, 2, 0", "1, 6, 6, 16", "1, 6, 6, 4"})
    void inputs_as_long_as_the_time_embedding_are_read_as_they_were_given(
            int channels, int height, int width, int size) {
        DriftSignature signature = images(channels, height, width, 0, size);
        try (DriftNetwork network = perturbed(new UNet(4, List.of(1, 2), 1, List.of()), signature)) {
            Batch batch = batch(signature, 4);
            INDArray error = batch.velocity(network).sub(batch.target());
            double expected = error.mul(error).meanNumber().doubleValue();
            assertThat(batch.error(network).loss()).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    @Test
    void what_is_not_finite_flows_through() {
        DriftSignature signature = images(1, 8, 8, 0, 0);
        try (DriftNetwork network = perturbed(new UNet(4, List.of(1, 2), 1, List.of()), signature)) {
            Batch batch = batch(signature, 2);
            batch.x().putScalar(0, Float.NaN);
            assertThat(batch.error(network).loss()).isNaN();
        }
    }

    /** arXiv 2512.10857 gives 31.0 million. */
    @Test
    void the_papers_preset_has_31_0_million_parameters() {
        try (DriftNetwork network = new UNet().build(images(3, 32, 32, 0, 0), 1)) {
            assertThat(network.parameters().length()).isBetween(30_950_000L, 31_050_000L);
        }
    }

    @Test
    void attention_is_where_it_is_asked_for() {
        DriftSignature signature = images(1, 16, 16, 0, 0);
        try (DriftNetwork without = new UNet(8, List.of(1, 1), 1, List.of()).build(signature, 1);
                DriftNetwork with = new UNet(8, List.of(1, 1), 1, List.of(16)).build(signature, 1)) {
            long attention = 2 * 8 + (8 * 24 + 24) + (8 * 8 + 8);
            assertThat(with.parameters().length() - without.parameters().length())
                    .as("one block on the way down and two on the way up")
                    .isEqualTo(3 * attention);
            try (DriftNetwork noMiddle = new UNet(8, List.of(1, 1), 1, List.of(), false).build(signature, 1)) {
                assertThat(without.parameters().length() - noMiddle.parameters().length())
                        .as("the middle")
                        .isEqualTo(attention);
            }
        }
    }

    /** The middle of an image of 1024 x 768 has 256 x 192 pixels, each of which would attend to all. */
    @Test
    void an_image_that_is_too_large_for_attention_is_refused_with_what_helps_and_taken_without_it() {
        DriftSignature photograph = images(1, 768, 1024, 0, 0);
        UNet with = new UNet(4, List.of(1, 1, 2), 1, List.of());
        assertThatThrownBy(() -> with.memory(photograph, 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("numbers is too long; train on patches, such as data.patch=[64,64], or leave out"
                        + " attention, with drift.attention=[] drift.middle=false");
        UNet without = new UNet(4, List.of(1, 1, 2), 1, List.of(), false);
        assertThat(without.memory(photograph, 1, false)).isNotEmpty();
    }

    @Test
    void what_it_cannot_take_is_refused_in_words() {
        assertThatThrownBy(() -> new UNet().build(new DriftSignature(new long[] {2}, 0, 0), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2]");
        assertThatThrownBy(() -> new UNet(8, List.of(), 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UNet(8, List.of(0), 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multipliers must be at least 1, got 0");
        DriftSignature signature = images(1, 8, 8, 1, 0);
        try (DriftNetwork network = new UNet(4, List.of(1), 1, List.of()).build(signature, 1)) {
            Batch batch = batch(signature, 2);
            assertThatThrownBy(() -> network.velocity(batch.t(), batch.x(), Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("conditioning");
            assertThatThrownBy(() -> network.velocity(batch.t(), batch.x().reshape(2, 8, 8, 1), batch.conditioning()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 8, 8, 1]");
        }
    }

    @Test
    void without_items_the_memory_told_is_that_of_the_weights_and_of_their_gradient() {
        DriftSignature signature = images(1, 8, 8, 1, 0);
        try (DriftNetwork network = SMALL.build(signature, 1)) {
            long bytes = 4 * network.parameters().length();
            assertThat(SMALL.memory(signature, 0, false)).hasValue(bytes);
            assertThat(SMALL.memory(signature, 0, true)).hasValue(2 * bytes);
        }
    }

    /** The first level alone has more than ten outputs of 4 channels in full size; a forward pass reuses the memory of most. */
    @Test
    void the_memory_told_for_a_gradient_grows_by_all_activations_of_an_item_and_without_one_by_less() {
        DriftSignature signature = images(1, 16, 16, 0, 0);
        long item = SMALL.memory(signature, 9, true).getAsLong()
                - SMALL.memory(signature, 8, true).getAsLong();
        long first = SMALL.memory(signature, 0, true).getAsLong();
        assertThat(item).isGreaterThan(10 * 16 * 16 * 4 * Float.BYTES);
        assertThat(SMALL.memory(signature, 8, true).getAsLong()).isGreaterThanOrEqualTo(first + 8 * item);
        assertThat(SMALL.memory(signature, 8, false).getAsLong())
                .isLessThan(SMALL.memory(signature, 8, true).getAsLong() / 2);
    }

    @Test
    void a_signature_that_cannot_be_built_has_no_memory_to_tell() {
        assertThatThrownBy(() -> SMALL.memory(new DriftSignature(new long[] {2}, 0, 0), 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use mlp for vectors");
    }

    /** One level with one block: six residual blocks of two convolutions, and one convolution at either end. */
    @Test
    void the_layers_of_each_kind_are_counted_and_their_times_add_up_to_less_than_the_whole() {
        DriftSignature signature = images(3, 16, 16, 0, 0);
        DriftNetwork network = perturbed(new UNet(8, List.of(1), 1, List.of()), signature);
        Batch batch = batch(signature, 4);
        INDArray gradient = batch.error(network).gradient().dup();
        long start = System.nanoTime();
        List<KernelTime> times = network.kernelTimes(batch.t(), batch.x(), batch.conditioning(), batch.target());
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(times.stream()
                        .filter(time -> time.name().endsWith("convolution"))
                        .mapToInt(KernelTime::count)
                        .sum())
                .isEqualTo(12);
        for (String kind : List.of("convolution", "group norm", "linear", "attention")) {
            assertThat(times).anySatisfy(time -> {
                assertThat(time.name()).endsWith(kind);
                assertThat(time.forwardSeconds()).isPositive();
                assertThat(time.backwardSeconds()).isPositive();
            });
        }
        assertThat(times.stream()
                        .mapToDouble(time -> time.forwardSeconds() + time.backwardSeconds())
                        .sum())
                .isLessThan(seconds);
        assertThat(batch.error(network).gradient().toFloatVector()).isEqualTo(gradient.toFloatVector());
    }
}
