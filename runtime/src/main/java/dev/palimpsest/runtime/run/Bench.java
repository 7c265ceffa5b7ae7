package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.train.Adam;
import dev.palimpsest.runtime.train.AveragedWeights;
import dev.palimpsest.runtime.train.Interpolation;
import dev.palimpsest.runtime.train.Interpolator;
import dev.palimpsest.runtime.train.MicroBatches;
import dev.palimpsest.runtime.train.Norm;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.transport.TransportMap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures how long each part of a recipe's training takes at its batch size, and what a step allocates, without training. */
public final class Bench {
    private static final int WARM_UP = 3;

    /** So many gradients go before the first step whose allocations count: by then all that is kept has been allocated. */
    private static final int GRADIENTS_BEFORE = 20;

    private static final int STEPS_WARM_UP = GRADIENTS_BEFORE - WARM_UP - Repeated.TIMES;
    private static final double RATE = 1e-5;

    private final Pipeline pipeline;
    private final TrainingSettings train;
    private final DriftNetwork network;
    private final Observations y;
    private final INDArray t;
    private final Adam adam;
    private final AveragedWeights average;
    private final Interpolator interpolator;
    private final MicroBatches microBatches;

    private Bench(Pipeline pipeline, DriftNetwork network) {
        this.pipeline = pipeline;
        this.network = network;
        train = pipeline.recipe().train();
        int[] training = pipeline.split().training();
        y = pipeline.observations()
                .rows(IntStream.range(0, train.batch())
                        .map(i -> training[i % training.length])
                        .toArray());
        t = Samples.uniform(pipeline.streams().stream("bench", 0), train.batch());
        adam = new Adam(network.parameters());
        average = new AveragedWeights(network.parameters().dup(), train.teacher());
        interpolator = new Interpolator(pipeline.schedule());
        microBatches = new MicroBatches(train.microBatch());
    }

    /**
     * What a plan of a run's cost needs.
     *
     * @param item the shape of items of noise that take the place of the recipe's data, which are then not read
     * @return numbers by name: sizes, median and least seconds of each part, calls, bytes, and what follows for the whole training
     */
    public static Map<String, Object> cost(Recipe recipe, Extensions extensions, Path home, Optional<long[]> item) {
        return with(recipe, extensions, home, item, Bench::cost);
    }

    /** Where the time of a step goes. */
    public static Kernels kernels(Recipe recipe, Extensions extensions, Path home, Optional<long[]> item) {
        return with(recipe, extensions, home, item, Bench::kernels);
    }

    /**
     * Where the time of a step goes.
     *
     * @param parts of a step by name: first the "gradient", then the "optimiser" and all else
     */
    public record Kernels(int batch, Layers layers, Map<String, Part> parts) {}

    /**
     * How long each kind of layer took in the fastest of ten gradients.
     *
     * @param kinds of layers; empty if the network does not time itself
     * @param gradientSeconds what that gradient took as a whole
     */
    public record Layers(List<KernelTime> kinds, double gradientSeconds) {}

    /** Medians of one part of a step, for a whole batch: seconds, and bytes allocated on the heap and outside of it. */
    public record Part(double seconds, long heapBytes, long nativeBytes) {
        private static Part of(Runnable part) {
            Repeated repeated = Repeated.of(WARM_UP, part);
            return new Part(repeated.medianSeconds(), repeated.medianHeapBytes(), repeated.medianNativeBytes());
        }
    }

    private static <T> T with(
            Recipe recipe, Extensions extensions, Path home, Optional<long[]> item, Function<Bench, T> use) {
        Recipe used = item.map(shape -> Noise.instead(recipe, shape)).orElse(recipe);
        return Trial.with(used, extensions, home, used.train().batch(), pipeline -> {
            try (DriftNetwork network = pipeline.drift().build(pipeline.signature(), used.seed())) {
                return use.apply(new Bench(pipeline, network));
            }
        });
    }

    private Map<String, Object> cost() {
        Repeated forward = Repeated.of(WARM_UP, () -> network.velocity(t, y.y(), y.conditioning()));
        Repeated gradient = Repeated.of(WARM_UP, this::gradient);
        Repeated step = Repeated.of(STEPS_WARM_UP, this::step);
        TransportMap transport = new TransportMap(network, pipeline.trainingSolver());
        transport.apply(y);
        double calls = (double) transport.calls() / train.batch();
        Repeated carried = Repeated.of(WARM_UP, () -> transport.apply(y));
        List<Part> others = List.copyOf(others().values());
        double otherSeconds = others.stream().mapToDouble(Part::seconds).sum();
        TransportShare share = new TransportShare(pipeline.settings(pipeline.probe()));
        long tiles = pipeline.scenes().map(Scenes::tilesOfWindow).orElse(1L);
        double transported = tiles * share.ofItems();
        double means = tiles * share.ofMeans();

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("item", pipeline.signature().itemShape());
        result.put("parameters", network.parameters().length());
        result.put("batch", train.batch());
        result.put("forwardSeconds", forward.medianSeconds());
        result.put("gradientSeconds", gradient.medianSeconds());
        result.put("stepSeconds", step.medianSeconds());
        result.put("transportSeconds", carried.medianSeconds());
        result.put("otherSeconds", otherSeconds);
        result.put("forwardSecondsLeast", forward.leastSeconds());
        result.put("gradientSecondsLeast", gradient.leastSeconds());
        result.put("stepSecondsLeast", step.leastSeconds());
        result.put("transportSecondsLeast", carried.leastSeconds());
        result.put("transportCalls", calls);
        result.put("callsPerItem", 3 + means + transported * calls);
        double perStep = step.medianSeconds()
                + otherSeconds
                + means * forward.medianSeconds()
                + transported * carried.medianSeconds();
        result.put("itemsPerSecond", train.batch() / perStep);
        result.put("trainSecondsPredicted", train.steps() * perStep);
        result.put("heapBytesPerStep", step.medianHeapBytes());
        result.put("nativeBytesPerStep", step.medianNativeBytes());
        result.put("otherHeapBytes", others.stream().mapToLong(Part::heapBytes).sum());
        result.put(
                "otherNativeBytes", others.stream().mapToLong(Part::nativeBytes).sum());
        return result;
    }

    private Kernels kernels() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("gradient", Part.of(this::gradient));
        INDArray overwritten = network.parameters().dup();
        parts.put("optimiser", Part.of(() -> adam.step(network.parameters(), overwritten, 1, 0, average)));
        parts.putAll(others());
        return new Kernels(train.batch(), timed(), parts);
    }

    /** The fastest of some gradients, so that the layers and the whole are of the same one. */
    private Layers timed() {
        Layers fastest = new Layers(List.of(), Double.POSITIVE_INFINITY);
        for (int i = 0; i < Repeated.TIMES; i++) {
            Stopwatch time = Stopwatch.started();
            List<KernelTime> kinds = network.kernelTimes(t, y.y(), y.conditioning(), y.y());
            double seconds = time.seconds();
            if (seconds < fastest.gradientSeconds()) {
                fastest = new Layers(kinds, seconds);
            }
        }
        return fastest;
    }

    private LossGradient gradient() {
        return microBatches.squaredError(network, new Interpolation(t, y.y(), y.y()), y.conditioning());
    }

    private void step() {
        adam.step(network.parameters(), gradient().gradient(), 1, RATE, average);
    }

    /** What a step of training does beside the gradient, the optimiser and the transport. */
    private Map<String, Part> others() {
        INDArray gradient = gradient().gradient();
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("norm", Part.of(() -> Norm.of(gradient)));
        parts.put("interpolation", Part.of(this::interpolate));
        if (train.mix() > 0) {
            parts.put(
                    "forward model",
                    Part.of(() -> pipeline.forward().apply(y.y(), pipeline.streams().stream("bench", 1))));
        }
        return parts;
    }

    private Interpolation interpolate() {
        double margin = pipeline.schedule().margin();
        double[] times = pipeline.streams().stream("bench", 2)
                .doubles(train.batch(), margin, 1 - margin)
                .toArray();
        return interpolator.at(times, y.y(), y.y(), pipeline.streams().stream("bench", 3));
    }
}
