package dev.palimpsest.plugins.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Every layer by itself. */
class LayerTest {
    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    /** A layer with its memory, whose inputs, weights and outputs' gradients are random. */
    private final class Bench {
        final Parameters parameters = new Parameters(new FusedEngine());
        final List<Tensor> ins = new ArrayList<>();
        final Tensor out;
        final Layer layer;
        final INDArray outer;

        Bench(Kind kind) {
            Tensor[] made = new Tensor[1];
            Making making = new Making(parameters, ins, made);
            layer = kind.make(making);
            out = made[0];
            parameters.constant(0, 1); // for layers that have none
            parameters.allocate(1);
            layer.tensors().forEach(tensor -> {
                tensor.holdValue(Storage.allocate(tensor.length()));
                tensor.holdGradient(Storage.allocate(tensor.length()));
                tensor.value().array().assign(0);
            });
            ins.forEach(in -> fill(flat(in.value(), in)));
            fill(parameters.values());
            parameters.gradients();
            parameters.holdWorking(layer.workingLength(true));
            layer.prepare(true);
            outer = Samples.gaussian(rng, out.length());
        }

        /** The weighted sum of all outputs, in double precision. */
        double value() {
            if (layer instanceof Add || adds()) {
                flat(out.value(), out).assign(0);
            }
            Blas.inOneThread();
            layer.forward();
            float[] values = flat(out.value(), out).dup().toFloatVector();
            float[] weights = outer.toFloatVector();
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += (double) values[i] * weights[i];
            }
            return sum;
        }

        private boolean adds() {
            return ins.size() == 1 && layer instanceof Linear;
        }

        void differentiate() {
            value();
            flat(out.gradient(), out).assign(outer);
            layer.tensors().forEach(Tensor::forgetGradient);
            out.startGradient();
            layer.backward();
        }
    }

    private record Making(Parameters parameters, List<Tensor> ins, Tensor[] out) {
        Tensor in(Tensor tensor) {
            ins.add(tensor);
            return tensor;
        }

        Tensor out(Tensor tensor) {
            out[0] = tensor;
            return tensor;
        }
    }

    private interface Kind {
        Layer make(Making making);
    }

    private void fill(INDArray array) {
        array.assign(Samples.gaussian(rng, array.length()));
    }

    private static INDArray flat(Storage storage, Tensor tensor) {
        return storage.reshape(tensor.length()).array();
    }

    static Stream<Arguments> layers() {
        List<Arguments> kinds = new ArrayList<>();
        add(
                kinds,
                "direct 3x3 convolution",
                m -> new Convolution(
                        m.in(new Tensor(2, 5, 7, 3)), m.out(new Tensor(2, 5, 7, 4)), false, m.parameters()));
        for (int[] size : new int[][] {{4, 4}, {5, 7}, {1, 1}, {9, 3}, {16, 20}}) {
            add(
                    kinds,
                    "tiled 3x3 convolution of " + size[0] + "x" + size[1],
                    m -> new TiledConvolution(
                            m.in(new Tensor(3, size[0], size[1], 9)),
                            m.out(new Tensor(3, size[0], size[1], 5)),
                            false,
                            m.parameters()));
        }
        add(
                kinds,
                "dense layer",
                m -> new Linear(
                        m.in(new Tensor(3, 5, 7, 6)),
                        m.out(new Tensor(3, 5, 7, 4)),
                        Linear.Start.RANDOM,
                        false,
                        m.parameters()));
        add(
                kinds,
                "dense layer of many rows that adds",
                m -> new Linear(
                        m.in(new Tensor(2, 20, 31, 70)),
                        m.out(new Tensor(2, 20, 31, 3)),
                        Linear.Start.RANDOM,
                        true,
                        m.parameters()));
        for (boolean silu : new boolean[] {false, true}) {
            add(
                    kinds,
                    "group norm" + (silu ? " and SiLU" : ""),
                    m -> new GroupNorm(
                            m.in(new Tensor(3, 5, 3, 12)),
                            m.out(new Tensor(3, 5, 3, 12)),
                            Optional.empty(),
                            silu,
                            m.parameters()));
            add(
                    kinds,
                    "modulated group norm" + (silu ? " and SiLU" : ""),
                    m -> new GroupNorm(
                            m.in(new Tensor(3, 17, 17, 16)),
                            m.out(new Tensor(3, 17, 17, 16)),
                            Optional.of(m.in(Tensor.vectors(3, 32))),
                            silu,
                            m.parameters()));
        }
        add(kinds, "SiLU", m -> new Silu(m.in(Tensor.vectors(3, 7)), m.out(Tensor.vectors(3, 7))));
        add(kinds, "attention of one head", m -> attention(m, 3, 5, 1, 8));
        add(kinds, "attention of two heads", m -> attention(m, 4, 4, 2, 6));
        add(kinds, "attention of a single pixel", m -> attention(m, 1, 1, 1, 4));
        add(kinds, "residual addition", m -> new Add(m.in(new Tensor(2, 3, 5, 4)), m.out(new Tensor(2, 3, 5, 4))));
        add(
                kinds,
                "concatenation",
                m -> new Concatenation(
                        m.in(new Tensor(2, 3, 5, 4)), m.in(new Tensor(2, 3, 5, 3)), m.out(new Tensor(2, 3, 5, 7))));
        add(kinds, "halving", m -> new Resample(m.in(new Tensor(2, 6, 4, 3)), m.out(new Tensor(2, 3, 2, 3))));
        add(kinds, "doubling", m -> new Resample(m.in(new Tensor(2, 3, 5, 3)), m.out(new Tensor(2, 6, 10, 3))));
        return kinds.stream();
    }

    private static Layer attention(Making m, int height, int width, int heads, int depth) {
        Tensor out = m.out(new Tensor(2, height, width, heads * depth));
        return new Attention(
                m.in(new Tensor(2, height, width, 3 * heads * depth)), Attention.weights(out, heads), out, heads);
    }

    private static void add(List<Arguments> kinds, String name, Kind kind) {
        kinds.add(Arguments.of(name, kind));
    }

    /**
     * Along a direction d of length 1, (S(v + h d) - S(v - h d)) / 2h differs from d . grad S by O(h^2) and by the rounding of S, whose terms are float32:
     * about 1e-7 sqrt(n) |outer| |out| / h for n outputs. With h = .01 both are below half a percent of the gradient's length, along which d mostly lies.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void the_gradients_of_all_inputs_and_weights_are_those_of_finite_differences(String name, Kind kind) {
        Bench bench = new Bench(kind);
        bench.differentiate();
        for (Tensor in : bench.ins) {
            check(
                    bench,
                    name + ", input",
                    flat(in.value(), in),
                    flat(in.gradient(), in).dup());
            bench.differentiate();
        }
        if (bench.parameters.values().length() > 1) {
            check(
                    bench,
                    name + ", weights",
                    bench.parameters.values(),
                    bench.parameters.gradients().dup());
        }
    }

    private void check(Bench bench, String what, INDArray values, INDArray gradient) {
        double h = 0.01;
        INDArray start = values.dup();
        for (int trial = 0; trial < 3; trial++) {
            INDArray direction = Samples.gaussian(rng, values.length());
            direction.divi(direction.norm2Number());
            direction.addi(gradient.div(gradient.norm2Number()));
            direction.divi(direction.norm2Number());
            values.assign(start.add(direction.mul(h)));
            double above = bench.value();
            values.assign(start.sub(direction.mul(h)));
            double below = bench.value();
            values.assign(start);
            double expected = Nd4j.getBlasWrapper().dot(direction, gradient);
            assertThat((above - below) / (2 * h))
                    .as(what)
                    .isCloseTo(expected, within(0.005 * gradient.norm2Number().doubleValue()));
        }
    }

    /**
     * ND4J's own convolution is the witness. The transform's numbers are up to 100 times as large as what they add up to (Lavin and Gray, section 5), so
     * that float32 leaves about 1e-5 of the results' size, and its largest error among thousands some times that.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 8, 8",
        "2, 3, 5, 8, 1",
        "3, 4, 4, 16, 8",
        "5, 7, 9, 12, 20",
        "2, 33, 18, 64, 32",
        "70, 4, 6, 9, 7",
        "4, 32, 32, 16, 16"
    })
    void a_tiled_convolution_is_a_convolution(int items, int height, int width, int ins, int outs) {
        Bench bench = new Bench(m -> new TiledConvolution(
                m.in(new Tensor(items, height, width, ins)),
                m.out(new Tensor(items, height, width, outs)),
                false,
                m.parameters()));
        bench.differentiate();
        INDArray in = bench.ins.get(0).value().array();
        INDArray outer = bench.outer.reshape('c', items, height, width, outs);
        long weights = 9L * ins * outs;
        INDArray weight = part(bench.parameters.values(), 0, weights).reshape('c', 3, 3, ins, outs);
        INDArray bias = part(bench.parameters.values(), weights, outs);
        int[] same = {3, 3, 1, 1, 0, 0, 1, 1, 1, 1, 0};
        INDArray out = Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(in, weight, bias)
                .addIntegerArguments(same)
                .build())[0];
        INDArray[] gradients = Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(in, weight, bias, outer)
                .addIntegerArguments(same)
                .build());
        assertClose("out", bench.out.value().array(), out);
        assertClose("gradient of in", bench.ins.get(0).gradient().array(), gradients[0]);
        assertClose(
                "gradient of weight", part(bench.parameters.gradients(), 0, weights), gradients[1].reshape(weights));
        assertClose("gradient of bias", part(bench.parameters.gradients(), weights, outs), gradients[2]);
    }

    private static INDArray part(INDArray vector, long start, long length) {
        return vector.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(start, start + length))
                .dup();
    }

    private static void assertClose(String what, INDArray actual, INDArray expected) {
        double size = expected.norm2Number().doubleValue() / Math.sqrt(expected.length());
        double error = actual.sub(expected).amaxNumber().doubleValue();
        assertThat(error / size).as(what).isLessThan(2e-4);
    }

    @Test
    void a_tiled_convolution_has_the_same_bits_at_every_call() {
        Bench bench = new Bench(m -> new TiledConvolution(
                m.in(new Tensor(9, 13, 14, 17)), m.out(new Tensor(9, 13, 14, 11)), false, m.parameters()));
        bench.differentiate();
        float[] out = flat(bench.out.value(), bench.out).dup().toFloatVector();
        float[] gradient = bench.parameters.gradients().dup().toFloatVector();
        for (int call = 0; call < 5; call++) {
            bench.differentiate();
            assertThat(flat(bench.out.value(), bench.out).dup().toFloatVector()).isEqualTo(out);
            assertThat(bench.parameters.gradients().dup().toFloatVector()).isEqualTo(gradient);
        }
    }
}
