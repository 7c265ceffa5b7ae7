package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.evaluate.Evaluation;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.ObservationEnergy;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.evaluate.Spread;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.probe.BandPowers;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.recipe.ReadRecipe;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.report.Picture;
import dev.palimpsest.runtime.report.PicturedItems;
import dev.palimpsest.runtime.report.Pictures;
import dev.palimpsest.runtime.run.SavedStates.Saved;
import dev.palimpsest.runtime.simple.SimpleScore;
import dev.palimpsest.runtime.simple.SimpleScores;
import dev.palimpsest.runtime.train.SelfConsistentTraining;
import dev.palimpsest.runtime.train.Trained;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.transport.Guess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One run of a recipe: simulate or read the observations, train, restore, evaluate, report, all in one run folder. */
public final class Run {
    private static final int PICTURED = 32;
    private static final int IMAGE_RANK = 3;

    private final Path home;
    private final Plugins plugins;
    private final ReadRecipe read;
    private final Progress progress;
    private boolean begun = true;

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
     * @param tensorBoard whether event files for TensorBoard are written, too
     * @return the run's folder
     * @throws RunException PluginException DataException TrainingException TransportException if it fails; a run that fails before it has begun to
     *     train leaves no folder
     */
    public RunFolder execute(Path runs, Optional<Path> drift, boolean tensorBoard) {
        RunFolder folder = RunFolder.create(runs, read.recipe().name());
        if (tensorBoard) {
            folder.folder(TensorBoard.FOLDER);
        }
        into(folder, drift);
        return folder;
    }

    /**
     * Does the same in a folder that is there already. Where a run of the recipe has begun in it, and stopped in whatever way, it goes on from the last
     * state that was saved, bit for bit as if it had not stopped; where it has come to its end, nothing is left to do. A new run that fails before it has
     * begun to train deletes the folder.
     *
     * @throws RunException if another process is at work in the folder
     */
    public void into(RunFolder folder, Optional<Path> drift) {
        progress.folder(folder.path());
        try {
            FolderLock.whileHeld(
                    folder.path(),
                    "another process is at work in " + folder.path() + "; wait for its end, or stop it, and try again",
                    () -> begunOrGoneOn(folder, drift));
        } catch (PluginException e) {
            // Ctrl-C reaches the programs that plugins have started, too
            if (!begun || !progress.stopped()) {
                throw e;
            }
        } finally {
            if (!begun && !progress.stopped()) {
                folder.delete();
            }
        }
    }

    private void begunOrGoneOn(RunFolder folder, Optional<Path> drift) {
        begun = folder.begun();
        if (begun) {
            folder.deleteHalfFiles();
        } else {
            prepare(folder, drift);
        }
        if (!folder.finished()) {
            work(folder);
        }
        if (folder.finished()) {
            if (!folder.has(RunFolder.REPORT)) {
                ReportPage.write(folder.path(), folder.path().resolve(RunFolder.REPORT));
            }
            new SavedStates(folder.folder(RunFolder.CHECKPOINTS)).clear();
            RunFolder.deleteTree(folder.folder(RunFolder.OBSERVATIONS));
        }
    }

    /** Goes on with a run that has stopped, as {@link #into} does; of the same recipe, that is the one in its folder. */
    public void resume(RunFolder folder) {
        into(folder, Optional.empty());
    }

    /** What a run cannot do without when it goes on; the recipe comes last, since with it the run has begun. */
    private void prepare(RunFolder folder, Optional<Path> drift) {
        folder.write(RunFolder.PLUGINS, plugins.lock());
        folder.write("environment.json", Json.pretty(Environment.describe()));
        drift.ifPresent(run -> BorrowedDrift.into(folder, run, read.recipe(), new RecipeReader(plugins)));
        folder.write(RunFolder.RECIPE, read.resolved());
    }

    private void work(RunFolder folder) {
        Stopwatch total = Stopwatch.started();
        Path observations = folder.folder(RunFolder.OBSERVATIONS);
        try (Pipeline pipeline = assembled(folder, observations)) {
            Footprint.require(pipeline, MachineMemory.available());
            Footprint.of(pipeline).ifPresent(need -> progress.stage("needs about " + need));
            RunLog log = new RunLog(progress);
            EvaluationSettings metrics = Metrics.of(pipeline, plugins);
            SavedStates states = new SavedStates(folder.folder(RunFolder.CHECKPOINTS));
            Optional<Saved> saved =
                    states.newest(memory -> folder.size(RunFolder.METRICS) >= memory.length(), log::warn);
            saved.ifPresent(state -> log.resume(
                    state.log(), folder.lines(RunFolder.METRICS, state.log().length())));
            if (!plugins.lock().equals(folder.read(RunFolder.PLUGINS))) {
                log.warn("the plugins are not those that the run began with, which " + RunFolder.PLUGINS + " lists");
            }
            progress.stage("probing the forward model");
            Probe probe = pipeline.probe();
            folder.write(Question.FILE, Json.pretty(Question.of(plugins, pipeline, probe)));
            if (saved.isEmpty()) {
                new Foresight(plugins, pipeline, probe).alarms(folder).forEach(log::warn);
            }
            Checkpoints.require(pipeline);
            Checkpoints.identity(pipeline).flatMap(Alarms::checkpoints).ifPresent(log::warn);
            Optional<Trained> borrowed = BorrowedDrift.in(folder)
                    .map(drift -> new Trained(drift.load(pipeline, folder, log::warn), 0, 0, 0));
            begun = true;
            Trained trained = borrowed.orElseGet(() -> train(pipeline, probe, folder, saved, log));
            try (DriftNetwork network = trained.drift()) {
                if (!progress.stopped()) {
                    finish(
                            pipeline,
                            metrics,
                            folder,
                            trained,
                            restoration(pipeline, folder, network),
                            probe,
                            log,
                            total);
                }
            }
        }
    }

    /** A drift that is borrowed begins from the guess, and on the schedule, that it was trained with. */
    private Pipeline assembled(RunFolder folder, Path observations) {
        Pipeline pipeline = Pipeline.assemble(read.recipe(), plugins, home, observations, Integer.MAX_VALUE, progress);
        pipeline.scenes().ifPresent(images -> Signatures.write(folder, images.tiling()));
        if (BorrowedDrift.in(folder).isEmpty()) {
            Signatures.write(folder, pipeline.signature(), pipeline.guess());
            return pipeline;
        }
        Signatures.write(folder, pipeline.signature(), Optional.empty());
        Recipe trained = new RecipeReader(plugins)
                .read(BorrowedDrift.trainedBy(folder), List.of())
                .recipe();
        return pipeline.with(Signatures.guess(folder), Pipeline.schedule(plugins, trained));
    }

    private Trained train(Pipeline pipeline, Probe probe, RunFolder folder, Optional<Saved> saved, RunLog log) {
        long length = saved.map(state -> state.log().length()).orElse(0L);
        try (LineFile metrics = new LineFile(folder.path().resolve(RunFolder.METRICS), length);
                Checkpoints checkpoints = new Checkpoints(pipeline, folder, log);
                TensorBoard board = TensorBoard.of(folder)) {
            log.follow(board::line);
            log.begin(metrics, checkpoints, pipeline.recipe().train());
            SelfConsistentTraining training = pipeline.training(probe);
            progress.stage(pipeline.settings(probe).beginning());
            saved.ifPresent(state ->
                    progress.stage("going on after step " + state.training().step()));
            Trained trained =
                    saved.map(state -> training.goOn(state.training(), log)).orElseGet(() -> training.run(log));
            log.end();
            try {
                if (!progress.stopped()) {
                    checkpoints.choose(trained);
                }
            } catch (RuntimeException | Error e) {
                trained.drift().close();
                throw e;
            }
            return trained;
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
                progress.canGoOn();
            }
            for (Throwable another : failed.getSuppressed()) {
                progress.warning(Failure.inWords(another));
            }
        }
    }

    private Restoration restoration(Pipeline pipeline, RunFolder folder, DriftNetwork network) {
        Optional<String> noMean = NoMean.why(folder, pipeline.recipe().train().mix(), pipeline.schedule());
        noMean.ifPresent(progress::stage);
        return new Restoration(
                pipeline, network, noMean.isPresent() ? Optional.empty() : Optional.of(pipeline.mean(network)));
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
        progress.stage("restoring "
                + pipeline.scenes()
                        .map(scenes -> scenes.images().heldOut() + " held-out images")
                        .orElseGet(() -> pipeline.split().heldOut().length + " held-out observations"));
        Stopwatch restoring = Stopwatch.started();
        HeldOut heldOut = restored(pipeline, restoration, folder);
        double restoreSeconds = restoring.seconds();
        Path arrays = folder.folder("held-out");
        Npy.write(arrays.resolve("y.npy"), heldOut.y());
        Npy.write(arrays.resolve("restored.npy"), heldOut.restored());
        Npy.write(arrays.resolve("recorrupted.npy"), heldOut.recorrupted());
        heldOut.mean().ifPresent(mean -> Npy.write(arrays.resolve("mean.npy"), mean));
        heldOut.conditioning().ifPresent(c -> Npy.write(arrays.resolve("conditioning.npy"), c));
        heldOut.clean().ifPresent(x -> Npy.write(arrays.resolve("clean.npy"), x));
        deviation(pipeline, restoration).ifPresent(deviation -> Npy.write(arrays.resolve("deviation.npy"), deviation));

        progress.stage("scoring");
        Stopwatch evaluating = Stopwatch.started();
        List<Score> scores = Evaluation.scores(metrics, heldOut, pipeline.streams());
        Evaluation.warnings(metrics, heldOut).forEach(log::warn);
        ObservationEnergy.warning(scores).ifPresent(log::warn);
        Alarms.after(probe, heldOut, () -> Residual.of(heldOut, pipeline.streams().stream("residual", 0)))
                .forEach(log::warn);
        TrainingSettings settings = pipeline.settings(probe);
        OptionalDouble rounds =
                trained.steps() == 0 ? OptionalDouble.empty() : OptionalDouble.of(settings.rounds(trained.steps()));
        Optional<BandPowers> bands = bands(pipeline, heldOut, meanRounds(pipeline, settings), rounds);
        bands.ifPresent(powers -> Alarms.initial(powers, rounds).ifPresent(log::warn));
        List<SimpleScore> simple = simple(pipeline, metrics, heldOut, probe);
        Alarms.unpaid(simple).ifPresent(log::warn);
        List<Picture> pictures = Pictures.of(PicturedItems.of(heldOut), PICTURED);
        pictures.forEach(picture -> picture.write(folder.folder("samples")));
        try (TensorBoard board = TensorBoard.of(folder)) {
            board.pictures(trained.steps(), pictures);
        }
        Summary summary = Summary.of(
                pipeline.recipe(),
                trained,
                new Summary.Seconds(
                        log.firstStep(),
                        log.trainSeconds(),
                        log.judgeSeconds(),
                        restoreSeconds,
                        evaluating.seconds(),
                        log.secondsBefore() + total.seconds()),
                restoration.callsPerItem(),
                scores,
                simple,
                bands.map(BandPowers::bands).orElse(List.of()),
                log.checkpoints(),
                log.warnings());
        // one that was made of the unfinished run says less
        folder.delete(RunFolder.REPORT);
        folder.write(RunFolder.SUMMARY, Json.pretty(summary));
    }

    /** Of the images that the report shows, if draws of each are asked for. */
    private static Optional<INDArray> deviation(Pipeline pipeline, Restoration restoration) {
        int draws = pipeline.recipe().evaluate().draws();
        if (draws == 0 || pipeline.signature().itemShape().length < IMAGE_RANK) {
            return Optional.empty();
        }
        try {
            return restoration.deviation(
                    Pipeline.first(RecordedRun.IMAGES, pipeline.split().heldOut()), draws);
        } catch (PluginException e) {
            throw e.at("drawing restorations of held-out observations");
        }
    }

    private static OptionalInt meanRounds(Pipeline pipeline, TrainingSettings settings) {
        return pipeline.guess().filter(Guess.Wiener.class::isInstance).isPresent()
                ? OptionalInt.empty()
                : OptionalInt.of(settings.takenMeanRounds());
    }

    /** Of images; empty where there are too few, or some are not finite. */
    private static Optional<BandPowers> bands(
            Pipeline pipeline, HeldOut heldOut, OptionalInt meanRounds, OptionalDouble rounds) {
        INDArray x = heldOut.restored();
        if (pipeline.signature().itemShape().length < IMAGE_RANK
                || x.size(0) < Alarms.FEWEST_ITEMS
                || !Double.isFinite(Spread.of(x).deviation())) {
            return Optional.empty();
        }
        try {
            return Optional.of(BandPowers.of(
                    pipeline.forward(), heldOut.y(), x, heldOut.mean(), meanRounds, rounds, pipeline.streams()));
        } catch (PluginException e) {
            throw e.at("probing the forward model after training");
        }
    }

    private static List<SimpleScore> simple(
            Pipeline pipeline, EvaluationSettings metrics, HeldOut heldOut, Probe probe) {
        try {
            return SimpleScores.of(metrics, pipeline.forward(), probe, heldOut, pipeline.streams());
        } catch (PluginException e) {
            throw e.at("calling the forward model for simple estimates");
        }
    }

    private static HeldOut restored(Pipeline pipeline, Restoration restoration, RunFolder folder) {
        try {
            if (pipeline.scenes().isPresent()) {
                return pipeline.scenes().get().restored(restoration, folder.folder(Scenes.FOLDER));
            }
            return restoration.of(pipeline.split().heldOut(), pipeline.clean());
        } catch (PluginException e) {
            throw e.at("restoring the held-out observations");
        }
    }

    /** What a finished run's summary says, as text. */
    public static String summary(RunFolder folder) {
        return folder.read(RunFolder.SUMMARY);
    }
}
