package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.evaluate.Evaluation;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.recipe.ReadRecipe;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.report.Picture;
import dev.palimpsest.runtime.report.Pictures;
import dev.palimpsest.runtime.report.Report;
import dev.palimpsest.runtime.train.Trained;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One run of a recipe: simulate or read the observations, train, restore, evaluate, report, all in one run folder. */
public final class Run {
    private static final int PICTURED = 32;

    private final Path home;
    private final Plugins plugins;
    private final ReadRecipe read;
    private final Progress progress;

    public Run(Path home, Plugins plugins, ReadRecipe read, Progress progress) {
        this.home = home;
        this.plugins = plugins;
        this.read = read;
        this.progress = progress;
    }

    /**
     * Trains and evaluates.
     *
     * @param runs the folder of all runs
     * @param drift an earlier run whose trained drift is to be used, without training
     * @return the run's folder
     * @throws RunException PluginException DataException TrainingException TransportException if it fails; a run that fails before it has begun to
     *     train leaves no folder
     */
    public RunFolder execute(Path runs, Optional<Path> drift) {
        RunFolder folder = RunFolder.create(runs, read.recipe().name());
        into(folder, drift);
        return folder;
    }

    /** Does the same in a folder that is there already, and is deleted if the run fails before it has begun to train. */
    public void into(RunFolder folder, Optional<Path> drift) {
        Stopwatch total = Stopwatch.started();
        boolean begun = false;
        try (Pipeline pipeline = Pipeline.assemble(
                read.recipe(), plugins, home, folder.folder("observations"), Integer.MAX_VALUE, progress)) {
            Footprint.require(pipeline, MachineMemory.available());
            Footprint.of(pipeline).ifPresent(need -> progress.stage("needs about " + need));
            folder.write("recipe.yaml", read.resolved());
            folder.write("plugins.lock", plugins.lock());
            folder.write("environment.json", Json.pretty(Environment.describe()));
            RunLog log = new RunLog(progress);
            EvaluationSettings metrics = Metrics.of(pipeline, plugins);
            progress.stage("probing the forward model");
            Probe probe = pipeline.probe();
            new Foresight(plugins, pipeline, probe).alarms(folder).forEach(log::warn);
            Optional<Trained> loaded = drift.map(run -> load(pipeline, RunFolder.open(run), log));
            begun = true;
            Trained trained = loaded.orElseGet(() -> train(pipeline, folder, log));
            try (DriftNetwork network = trained.drift()) {
                if (!progress.stopped()) {
                    finish(pipeline, metrics, folder, trained, new Restoration(pipeline, network), probe, log, total);
                }
            }
        } catch (PluginException e) {
            // Ctrl-C reaches the programs that plugins have started, too
            if (!begun || !progress.stopped()) {
                throw e;
            }
        } finally {
            if (!begun) {
                folder.delete();
            }
        }
    }

    private Trained train(Pipeline pipeline, RunFolder folder, RunLog log) {
        try (BufferedWriter metrics = folder.lines("metrics.jsonl");
                Checkpoints checkpoints = new Checkpoints(pipeline, folder, log)) {
            log.begin(metrics, checkpoints, pipeline.recipe().train());
            Trained trained = pipeline.training().run(log);
            log.end();
            if (progress.stopped()) {
                checkpoints.save(trained.drift().parameters());
            } else {
                checkpoints.choose(trained);
            }
            return trained;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.path().resolve("metrics.jsonl") + ": " + e, e);
        } catch (PluginException e) {
            ended(e, folder, log);
            throw e.at("training step " + (log.lastStep() + 1));
        } catch (Error e) {
            ended(e, folder, log);
            throw e;
        }
    }

    /** Tells what has become of the weights of a training that failed. */
    private void ended(Throwable failed, RunFolder folder, RunLog log) {
        log.end();
        if (!progress.stopped()) {
            if (log.saved()) {
                progress.stage("the weights after step " + log.lastStep() + " are in "
                        + folder.checkpoint(Checkpoints.RESULT).getParent());
            }
            for (Throwable another : failed.getSuppressed()) {
                progress.warning(Failure.inWords(another));
            }
        }
    }

    private Trained load(Pipeline pipeline, RunFolder trained, RunLog log) {
        DriftNetwork network =
                pipeline.drift().build(pipeline.signature(), pipeline.recipe().seed());
        INDArray weights = Npy.read(trained.checkpoint(Checkpoints.RESULT));
        INDArray parameters = network.parameters();
        if (weights.length() != parameters.length()) {
            throw new RunException(
                    "the drift of " + trained.path() + " has " + weights.length() + " parameters, the recipe's has "
                            + parameters.length() + "; use the drift section of that run's recipe.yaml");
        }
        parameters.assign(weights.reshape(parameters.shape()));
        Recipe then = new RecipeReader(plugins)
                .read(trained.path().resolve("recipe.yaml"), List.of())
                .recipe();
        Recipe now = pipeline.recipe();
        if (then.seed() != now.seed() || !then.data().equals(now.data())) {
            log.warn(
                    "the drift of " + trained.path()
                            + " was trained with another seed or other data: it may have been trained on what is held out here");
        }
        return new Trained(network, 0, 0, 0);
    }

    private void finish(
            Pipeline pipeline,
            EvaluationSettings metrics,
            RunFolder folder,
            Trained trained,
            Restoration restoration,
            Probe probe,
            RunLog log,
            Stopwatch total) {
        progress.stage("restoring " + pipeline.split().heldOut().length + " held-out observations");
        Stopwatch restoring = Stopwatch.started();
        HeldOut heldOut = restored(pipeline, restoration);
        double restoreSeconds = restoring.seconds();
        Path arrays = folder.folder("held-out");
        Npy.write(arrays.resolve("y.npy"), heldOut.y());
        Npy.write(arrays.resolve("restored.npy"), heldOut.restored());
        Npy.write(arrays.resolve("recorrupted.npy"), heldOut.recorrupted());
        heldOut.conditioning().ifPresent(c -> Npy.write(arrays.resolve("conditioning.npy"), c));
        heldOut.clean().ifPresent(x -> Npy.write(arrays.resolve("clean.npy"), x));

        progress.stage("scoring");
        Stopwatch evaluating = Stopwatch.started();
        List<Score> scores = Evaluation.scores(metrics, heldOut, pipeline.streams());
        Evaluation.warnings(metrics, heldOut).forEach(log::warn);
        Alarms.after(probe, heldOut, () -> Residual.of(heldOut, pipeline.streams().stream("residual", 0)))
                .forEach(log::warn);
        List<Picture> pictures = Pictures.of(heldOut, PICTURED);
        pictures.forEach(picture -> picture.write(folder.folder("samples")));
        Summary summary = Summary.of(
                pipeline.recipe(),
                trained,
                new Summary.Seconds(
                        log.firstStep(),
                        log.trainSeconds(),
                        log.judgeSeconds(),
                        restoreSeconds,
                        evaluating.seconds(),
                        total.seconds()),
                restoration.callsPerItem(),
                scores,
                log.checkpoints(),
                log.warnings());
        RunFolder.deleteTree(folder.path().resolve("observations"));
        Report.write(
                ReportPage.of(read.resolved(), plugins, summary, scores, log, pictures),
                folder.path().resolve("report.html"));
        folder.write("summary.json", Json.pretty(summary));
    }

    private static HeldOut restored(Pipeline pipeline, Restoration restoration) {
        try {
            return restoration.of(pipeline.split().heldOut(), pipeline.clean());
        } catch (PluginException e) {
            throw e.at("restoring the held-out observations");
        }
    }

    /** What a finished run's summary says, as text. */
    public static String summary(RunFolder folder) {
        try {
            return Files.readString(folder.path().resolve("summary.json"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.path().resolve("summary.json") + ": " + e, e);
        }
    }
}
