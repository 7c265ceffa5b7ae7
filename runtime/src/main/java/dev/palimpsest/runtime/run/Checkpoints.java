package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.train.Trained;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import dev.palimpsest.runtime.train.TrainingState;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The averaged weights at several steps, in {@code checkpoints/}; the result is the last, or the one whose F(Phi(y)) is nearest in energy to held-out
 * observations. The loss chooses nothing: it falls through the truth. All checkpoints are judged on the same observations with the same draws of F.
 */
final class Checkpoints implements RunLog.Judge, AutoCloseable {
    static final String RESULT = "result";
    private static final int FEWEST = 4;
    private static final int MOST_ITEMS = 10000;
    private static final int FEWEST_ITEMS = 500;
    private static final int VALUES = 1 << 20;

    private final Pipeline pipeline;
    private final RunFolder folder;
    private final RunLog log;
    private final int[] rows;
    private Optional<DriftNetwork> restoring = Optional.empty();

    Checkpoints(Pipeline pipeline, RunFolder folder, RunLog log) {
        this.pipeline = pipeline;
        this.folder = folder;
        this.log = log;
        rows = judged(pipeline);
    }

    private static int[] judged(Pipeline pipeline) {
        return Pipeline.first(
                Math.max(FEWEST_ITEMS, Math.min(MOST_ITEMS, VALUES / pipeline.itemSize())),
                pipeline.split().heldOut());
    }

    /** @throws RunException if checkpoints are to be judged, and there are too few held-out observations to judge them by */
    static void require(Pipeline pipeline) {
        int heldOut = pipeline.split().heldOut().length;
        if (heldOut < FEWEST && judging(pipeline)) {
            throw new RunException("checkpoints are judged by held-out observations, of which there are only "
                    + heldOut + "; raise data.holdOut to at least " + FEWEST
                    + ", or leave out train.select and train.stopAfter");
        }
    }

    /** Whether training depends on what is said of its checkpoints. */
    private static boolean judging(Pipeline pipeline) {
        TrainingSettings settings = pipeline.recipe().train();
        return settings.select() == Selection.OBSERVATION_ENERGY || settings.stopAfter() > 0;
    }

    /**
     * The residual of F(y), by which nothing is restored, on the observations that judge checkpoints; empty where training does not depend on these.
     *
     * @throws PluginException if F fails
     */
    static Optional<Residual> identity(Pipeline pipeline) {
        if (!judging(pipeline)) {
            return Optional.empty();
        }
        Observations y = pipeline.observations().rows(judged(pipeline));
        INDArray again = pipeline.forward()
                .apply(y.y(), pipeline.streams().stream("recorrupt observed", 0))
                .y();
        return Residual.of(y.y(), y.y(), again, Optional.empty(), pipeline.streams().stream("residual", 0));
    }

    @Override
    public Optional<Residual> reached(int step, INDArray weights) {
        Npy.write(folder.checkpoint(name(step)), weights);
        if (rows.length < FEWEST) {
            return Optional.empty();
        }
        DriftNetwork drift = restoring.orElseGet(() ->
                pipeline.drift().build(pipeline.signature(), pipeline.recipe().seed()));
        restoring = Optional.of(drift);
        drift.parameters().assign(weights);
        Optional<INDArray> clean = pipeline.clean()
                .map(items -> Rows.of(items, IntStream.range(0, rows.length).toArray()));
        Restoration.Restored restored = new Restoration(pipeline, drift).restored(rows);
        return Residual.of(
                restored.y().y(),
                restored.x(),
                restored.recorrupted(),
                clean,
                pipeline.streams().stream("residual", 0));
    }

    /** Puts the chosen weights into the trained drift, and writes them as the result. */
    void choose(Trained trained) {
        INDArray parameters = trained.drift().parameters();
        if (pipeline.recipe().train().select() == Selection.OBSERVATION_ENERGY) {
            if (log.checkpoints().stream().noneMatch(point -> point.step() == trained.steps())) {
                log.checkpoint(trained.steps(), trained.evaluationsPerItem() * trained.items(), parameters);
            }
            if (log.checkpoints().isEmpty()) {
                throw new RunException(
                        "no checkpoint could be restored, so that none can be chosen; use another solver");
            }
            int chosen = Choice.byResidual(log.checkpoints()).checkpoint().step();
            parameters.assign(Npy.read(folder.checkpoint(name(chosen))).reshape(parameters.shape()));
        }
        save(trained.drift().parameters());
    }

    @Override
    public void close() {
        restoring.ifPresent(DriftNetwork::close);
    }

    /** Writes weights as the result. */
    @Override
    public void save(INDArray weights) {
        Npy.write(folder.checkpoint(RESULT), weights);
    }

    @Override
    public void save(TrainingState state, RunLog.Memory memory) {
        new SavedStates(folder.folder(RunFolder.CHECKPOINTS))
                .save(
                        new SavedStates.Saved(state, memory),
                        pipeline.recipe().train().keep());
    }

    private static String name(int step) {
        return "step-" + step;
    }
}
