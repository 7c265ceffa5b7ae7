package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Fitting;
import dev.palimpsest.runtime.data.OffHeap;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Refill;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.plugin.Checked;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.LockedJar;
import dev.palimpsest.runtime.plugin.Plugin;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.runtime.transport.Tiling;
import dev.palimpsest.runtime.transport.TransportMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A finished run's two estimates of clean items, for observations that it has not seen: the sample x = Phi(y), which is distributed as the clean items are, and the
 * posterior mean E[x | y], the best estimate of each item in mean square. It needs the run's folder and the plugins of its
 * recipe, and none of its data. Not safe for use by several threads at once.
 */
public final class Restorer implements AutoCloseable {
    private final RunFolder run;
    private final Recipe recipe;
    private final DriftSignature signature;
    private final Refill refill;
    private final DriftNetwork drift;
    private final TransportMap transport;
    private final Optional<String> noMean;
    private final Optional<PosteriorMean> posterior;

    /** How larger images are restored; empty if the run was trained on whole items. */
    private final Optional<Tiling> tiles;

    private final TreeMap<String, String> identity = new TreeMap<>();
    private final TreeMap<String, String> meanIdentity = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<Plugins> owned = Optional.empty();
    private IntConsumer watcher = tilesDone -> {};

    private Restorer(Plugins plugins, Path path) {
        run = RunFolder.open(path);
        String weights = new TrainedDrift(path).sha256();
        recipe = new RecipeReader(plugins)
                .read(path.resolve(RunFolder.RECIPE), List.of())
                .recipe();
        signature = Signatures.read(run);
        Extension<ForwardModel> forwards =
                plugins.whose(ForwardModel.class, recipe.forward()).orElseThrow();
        Extension<DriftArchitecture> drifts =
                plugins.whose(DriftArchitecture.class, recipe.drift()).orElseThrow();
        Extension<OdeSolver> solvers =
                plugins.whose(OdeSolver.class, recipe.solver()).orElseThrow();
        Extension<InterpolantSchedule> schedules =
                plugins.whose(InterpolantSchedule.class, recipe.schedule()).orElseThrow();
        identity.put("weights", weights);
        identity.put("solver", recipe.solver().toString());
        identity.put("drift", recipe.drift().toString());
        identity.put("forward", recipe.forward().toString());
        identity.put("seed", Long.toString(recipe.seed()));
        List<String> ids = List.of(forwards.plugin(), drifts.plugin(), solvers.plugin());
        plugins.plugins().stream().filter(plugin -> ids.contains(plugin.id())).forEach(this::know);
        meanIdentity.putAll(identity);
        meanIdentity.put("schedule", recipe.schedule().toString());
        meanIdentity.put("mix", Double.toString(recipe.train().mix()));
        plugins.plugins().stream()
                .filter(plugin -> plugin.id().equals(schedules.plugin()))
                .forEach(plugin -> meanIdentity.put("plugin " + plugin.id(), plugin.sha256()));
        if (!run.finished()) {
            warnings.add(path + " has not ended: these are the weights that it has reached so far");
        }
        tiles = Signatures.tiles(run);
        refill = new Refill(Checked.forward(recipe.forward(), forwards), new RandomStreams(recipe.seed()));
        drift = architecture(plugins, drifts, forwards).build(signature, recipe.seed());
        transport = new TransportMap(drift, Checked.solver(recipe.solver(), solvers));
        InterpolantSchedule schedule = Checked.schedule(recipe.schedule(), schedules);
        noMean = NoMean.why(run, recipe.train().mix(), schedule);
        posterior = noMean.isPresent()
                ? Optional.empty()
                : Optional.of(new PosteriorMean(drift, schedule, recipe.train().mix()));
        try {
            load();
        } catch (RuntimeException e) {
            drift.close();
            throw e;
        }
    }

    /**
     * Opens a run, with the plugins of an installation.
     *
     * @param home the folder of the installation
     * @param run the run's folder
     * @throws RunException if it is not the folder of a run that has trained
     * @throws dev.palimpsest.runtime.recipe.RecipeException if a plugin that its recipe names is not there
     */
    public static Restorer open(Path home, Path run) {
        Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), RecipeReader.OWN_KINDS);
        try {
            Restorer restorer = new Restorer(plugins, run);
            restorer.owned = Optional.of(plugins);
            return restorer;
        } catch (RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    /** Opens a run with plugins that are loaded already, and are not unloaded by {@link #close}. */
    public static Restorer open(Plugins plugins, Path run) {
        return new Restorer(plugins, run);
    }

    /**
     * Restores observations, in blocks of {@link #blockSize}.
     *
     * @param observed y [n, ...] of the shape that the run was trained on, images in [-1, 1], and if its forward model tells anything of each one's
     *     corruption, the conditioning as that gives it
     * @return x = Phi(y), a new array of y's shape; where the solver has fixed steps an item's values do not depend on those beside it, but for rounding
     * @throws DataException if the observations do not fit
     * @throws PluginException if the drift or the solver fails
     * @throws dev.palimpsest.runtime.transport.TransportException if the solver gives up
     */
    public INDArray restore(Observations observed) {
        return inBlocks(observed, this::sample);
    }

    /**
     * The posterior means E[x | y] of observations, in blocks of {@link #blockSize}: the expectation under the distribution of clean items that the run has learned. Most
     * runs need one network call for it, and with train.mix below 1 those of {@link #restore} too.
     *
     * @param observed as for {@link #restore}
     * @return a new array of y's shape
     * @throws DataException if the observations do not fit, or the mean does not follow from this run, as {@link #noMean} says
     * @throws PluginException if the drift or the solver fails
     * @throws dev.palimpsest.runtime.transport.TransportException if the solver gives up
     */
    public INDArray mean(Observations observed) {
        PosteriorMean mean = posterior();
        return inBlocks(observed, y -> {
            Optional<INDArray> x = mean.needsTransport() ? Optional.of(sample(y)) : Optional.empty();
            INDArray block = mean.of(x, tiled(y, mean::apply));
            x.ifPresent(OffHeap::free);
            return block;
        });
    }

    /** What {@link #restore} and {@link #mean} give, with Phi(y) computed once. */
    public Estimates both(Observations observed) {
        PosteriorMean mean = posterior();
        List<INDArray> samples = new ArrayList<>();
        INDArray means = inBlocks(observed, y -> {
            INDArray x = sample(y);
            samples.add(x);
            return mean.of(Optional.of(x), tiled(y, mean::apply));
        });
        return new Estimates(Restoration.joined(samples), means);
    }

    /**
     * Two estimates of the same items.
     *
     * @param sample Phi(y)
     * @param mean E[x | y]
     */
    public record Estimates(INDArray sample, INDArray mean) {}

    /** Why the posterior mean does not follow from this run, in words; empty if it does. */
    public Optional<String> noMean() {
        return noMean;
    }

    private PosteriorMean posterior() {
        return posterior.orElseThrow(() -> new DataException(noMean.orElseThrow()));
    }

    private INDArray sample(Observations y) {
        return tiled(y, transport::apply);
    }

    private INDArray tiled(Observations y, Function<Observations, INDArray> estimate) {
        Function<Observations, INDArray> watched = some -> {
            INDArray x = estimate.apply(some);
            watcher.accept(Math.toIntExact(some.y().size(0)));
            return x;
        };
        return tiles.map(tiling -> tiling.apply(y, blockSize(), watched)).orElseGet(() -> estimate.apply(y));
    }

    /** Sets who is told of each tile that was estimated, how many at a time; an image has {@link #tiles} of them for each of its estimates. */
    public void watch(IntConsumer tilesDone) {
        watcher = tilesDone;
    }

    /** Into how many tiles an observation of this shape is cut; 1 if it is restored whole, or refused. */
    public long tiles(long[] itemShape) {
        return tiles.filter(tiling -> sizes().take(itemShape))
                .map(tiling -> tiling.count((int) itemShape[1], (int) itemShape[2]))
                .orElse(1L);
    }

    private INDArray inBlocks(Observations observed, Function<Observations, INDArray> estimate) {
        require(observed);
        int n = Math.toIntExact(observed.y().size(0));
        int block = blockSize(Shapes.item(observed.y().shape()));
        List<INDArray> restored = new ArrayList<>();
        try {
            for (int from = 0; from < n; from += block) {
                int[] rows = IntStream.range(from, Math.min(n, from + block)).toArray();
                restored.add(estimate.apply(new Observations(
                        Rows.of(observed.y(), rows), observed.conditioning().map(known -> Rows.of(known, rows)))));
            }
        } catch (PluginException e) {
            throw e.at("restoring observations");
        }
        return Restoration.joined(restored);
    }

    /**
     * Draws anew what stands for lost values.
     *
     * @param item the name of the observation, which with the recipe's seed and the draw decides the randomness
     * @param observed one observation, [1, ...]; without conditioning, lost values are NaN
     * @return empty if the run's forward model loses none
     * @throws DataException if it cannot be an observation of that model
     */
    public Optional<Observations> refill(String item, int draw, Observations observed) {
        try {
            return refill.of(item, draw, observed);
        } catch (PluginException e) {
            throw e.at("filling the lost values of " + item);
        }
    }

    /** The shape of the items, and of what has to be known of each. */
    public DriftSignature signature() {
        return signature;
    }

    /** By which the drift was trained: that of another run, if it is borrowed from one. */
    private Recipe trained(Plugins plugins) {
        return new RecipeReader(plugins)
                .read(BorrowedDrift.trainedBy(run), List.of())
                .recipe();
    }

    private DriftArchitecture architecture(
            Plugins plugins, Extension<DriftArchitecture> drifts, Extension<ForwardModel> forwards) {
        DriftArchitecture architecture = Checked.drift(recipe.drift(), drifts);
        return Signatures.guess(run)
                .map(guess -> guess.from(
                        architecture,
                        Checked.forward(recipe.forward(), forwards),
                        Pipeline.schedule(plugins, trained(plugins))))
                .orElse(architecture);
    }

    /** How images are made like the observations that the run was trained on. */
    public Fitting fitting() {
        return recipe.data().fitting();
    }

    /** How many observations are restored at once. */
    public int blockSize() {
        return Restoration.block(
                Math.toIntExact(Arrays.stream(signature.itemShape()).reduce(1, Math::multiplyExact)));
    }

    /** How many observations of this shape are restored at once: of images that are cut into tiles, one. */
    public int blockSize(long[] itemShape) {
        return Arrays.equals(itemShape, signature.itemShape()) ? blockSize() : 1;
    }

    /** Which observations can be restored. */
    public Sizes sizes() {
        return new Sizes(signature.itemShape(), tiles.isPresent());
    }

    /** What decides Phi(y): the checksums of the weights and of the plugins' JARs, the parts of the recipe, the seed; by name. */
    public TreeMap<String, String> identity() {
        return new TreeMap<>(identity);
    }

    /** What decides the posterior means: the same, the schedule and train.mix. */
    public TreeMap<String, String> meanIdentity() {
        return new TreeMap<>(meanIdentity);
    }

    /** What the user should know: that the run has not ended, or a plugin's JAR is not the one that it used. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void close() {
        drift.close();
        owned.ifPresent(Plugins::close);
    }

    private void know(Plugin plugin) {
        identity.put("plugin " + plugin.id(), plugin.sha256());
        Path lock = run.path().resolve(RunFolder.PLUGINS);
        try (Stream<String> lines = Files.lines(lock)) {
            if (lines.map(LockedJar::parse)
                    .flatMap(Optional::stream)
                    .noneMatch(jar -> jar.sha256().equals(plugin.sha256()))) {
                warnings.add(plugin.jar() + " is not the JAR that the run used, by its SHA-256 in " + lock
                        + ": the results may differ from the run's");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + lock + ": " + e, e);
        }
    }

    private void load() {
        Path file = new TrainedDrift(run.path()).weights();
        Weights.into(
                drift,
                file,
                (had, expected) -> file + " has " + had + " parameters, but the drift of the run's recipe " + expected
                        + "; the run's folder has been changed, or the drift's plugin");
    }

    private void require(Observations observed) {
        long n = observed.y().size(0);
        long[] own = Shapes.item(observed.y().shape());
        long[] item = sizes().take(own) ? own : signature.itemShape();
        requireShape("observations", observed.y(), Shapes.batch(n, item));
        Optional<INDArray> known = observed.conditioning();
        boolean maps = signature.conditioningMaps() > 0;
        if (!maps && signature.conditioningSize() == 0) {
            known.ifPresent(unexpected -> {
                throw new DataException("expected no conditioning, for the run's drift takes none, got "
                        + Arrays.toString(unexpected.shape()));
            });
            return;
        }
        long[] expected = conditioningShape(n, item);
        requireShape(
                "conditioning",
                known.orElseThrow(() -> new DataException(
                        "expected, beside the observations, conditioning " + Arrays.toString(expected) + ", got none")),
                expected);
    }

    /** The shape of the conditioning of n observations of such a shape; of no numbers if the drift takes none. */
    public long[] conditioningShape(long n, long[] item) {
        return signature.conditioningMaps() > 0
                ? new long[] {n, signature.conditioningMaps(), item[1], item[2]}
                : new long[] {n, signature.conditioningSize()};
    }

    private static void requireShape(String what, INDArray array, long[] expected) {
        if (!Arrays.equals(array.shape(), expected)) {
            throw new DataException("expected " + what + " " + Arrays.toString(expected)
                    + ", as the run was trained on, got " + Arrays.toString(array.shape()));
        }
    }
}
