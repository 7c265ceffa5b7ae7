package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.Spectrum;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.train.Interpolation;
import dev.palimpsest.runtime.train.MicroBatches;
import dev.palimpsest.runtime.transport.TransportMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Assembles a recipe and pushes batches through it, without training: a dry run. */
public final class Trial implements AutoCloseable {
    private static final int RESTORED_IN_CHECK = 4;

    private final Pipeline pipeline;
    private final DriftNetwork network;
    private final int[] rows;
    private final Observations y;
    private final INDArray t;

    private Trial(Pipeline pipeline) {
        this.pipeline = pipeline;
        network = pipeline.drift().build(pipeline.signature(), pipeline.recipe().seed());
        int[] training = pipeline.split().training();
        rows = IntStream.range(0, pipeline.recipe().train().batch())
                .map(i -> training[i % training.length])
                .toArray();
        y = pipeline.observations().rows(rows);
        t = Samples.uniform(pipeline.streams().stream("trial", 0), rows.length);
    }

    /**
     * Binds nothing but builds everything, and pushes one batch through F, the drift and its gradient, and a few items through the transport.
     *
     * @return what was found, in words, by name
     */
    public static Map<String, String> check(Recipe recipe, Extensions extensions, Path home) {
        return with(recipe, extensions, home, recipe.train().batch(), pipeline -> {
            Footprint.require(pipeline, MachineMemory.available());
            Metrics.of(pipeline, extensions);
            try (Trial trial = new Trial(pipeline)) {
                return trial.found();
            }
        });
    }

    private Map<String, String> found() {
        INDArray again = pipeline.forward()
                .apply(y.y(), pipeline.streams().stream("trial", 1))
                .y();
        LossGradient error = gradient();
        if (!Double.isFinite(error.loss())) {
            throw new RunException("the loss of the first batch is " + error.loss()
                    + "; look at the data's scale and the forward model");
        }
        INDArray restored =
                transport(pipeline.observations().rows(Arrays.copyOf(rows, Math.min(RESTORED_IN_CHECK, rows.length))));
        Map<String, String> found = new LinkedHashMap<>();
        found.put("item", Arrays.toString(pipeline.signature().itemShape()));
        found.put(
                "conditioning",
                pipeline.signature().conditioningMaps() > 0
                        ? pipeline.signature().conditioningMaps() + " maps"
                        : pipeline.signature().conditioningSize() > 0
                                ? "a vector of " + pipeline.signature().conditioningSize()
                                : "none");
        found.put("parameters", Long.toString(network.parameters().length()));
        found.put(
                "batch", y.y().size(0) + " items pushed through F, drift and gradient, and some through the transport");
        found.put(
                "memory at the peak",
                Footprint.of(pipeline)
                        .map(Footprint::toString)
                        .orElse("unknown: the drift does not tell what its networks need"));
        found.put(
                "deviation of y, F(y), Phi(y)",
                deviation(y.y()) + ", " + deviation(again) + ", " + deviation(restored));
        return found;
    }

    @Override
    public void close() {
        network.close();
    }

    private LossGradient gradient() {
        return new MicroBatches(pipeline.recipe().train().microBatch())
                .squaredError(network, new Interpolation(t, y.y(), y.y()), y.conditioning());
    }

    private INDArray transport(Observations observed) {
        return new TransportMap(network, pipeline.trainingSolver()).apply(observed);
    }

    private static <T> T with(Recipe recipe, Extensions extensions, Path home, Function<Trial, T> use) {
        return with(recipe, extensions, home, recipe.train().batch(), pipeline -> {
            try (Trial trial = new Trial(pipeline)) {
                return use.apply(trial);
            }
        });
    }

    /**
     * What calls of the recipe's forward model tell: at its clean items where they are known, else at its observations.
     *
     * @param directions whether each single direction is tried, which takes a call for each number of an item
     */
    public static Probed probed(Recipe recipe, Extensions extensions, Path home, boolean directions) {
        return with(
                recipe,
                extensions,
                home,
                Probe.MOST_ITEMS,
                pipeline -> new Probed(pipeline.probe(), pipeline.spectrum(directions)));
    }

    /**
     * What calls of F tell.
     *
     * @param probe of single coordinates, at observations
     * @param spectrum of frequencies and directions
     */
    public record Probed(Probe probe, Spectrum spectrum) {}

    /** Assembles a recipe with so many items at most, for as long as it is used. */
    static <T> T with(Recipe recipe, Extensions extensions, Path home, int most, Function<Pipeline, T> use) {
        Path folder = temporaryFolder();
        try (Pipeline pipeline = Pipeline.assemble(recipe, extensions, home, folder, most, new Progress() {})) {
            return use.apply(pipeline);
        } finally {
            RunFolder.deleteTree(folder);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("palimpsest");
        } catch (IOException e) {
            throw new FileException("make a temporary folder", e);
        }
    }

    private static String deviation(INDArray array) {
        return String.format(java.util.Locale.ROOT, "%.4f", array.stdNumber().doubleValue());
    }
}
