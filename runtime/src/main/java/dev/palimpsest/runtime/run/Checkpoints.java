package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.evaluate.EnergyDistance;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.run.RunLog.EnergyPoint;
import dev.palimpsest.runtime.train.Trained;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The averaged weights at several steps, in {@code checkpoints/}; the result is the last, or the one whose F(Phi(y)) is nearest in energy to held-out
 * observations. The loss chooses nothing: it falls through the truth.
 */
final class Checkpoints {
    static final String RESULT = "result";
    private static final int ITEMS = 500;

    private final Pipeline pipeline;
    private final RunFolder folder;
    private final int[] rows;
    private final RunLog log;
    private Optional<DriftNetwork> restoring = Optional.empty();

    Checkpoints(Pipeline pipeline, RunFolder folder, RunLog log) {
        this.pipeline = pipeline;
        this.folder = folder;
        this.log = log;
        int[] heldOut = pipeline.split().heldOut();
        rows = Arrays.copyOf(heldOut, Math.min(ITEMS, heldOut.length));
    }

    /** Writes a checkpoint and returns its observation energy. */
    double reached(int step, INDArray weights) {
        Npy.write(folder.checkpoint(name(step)), weights);
        DriftNetwork drift = restoring.orElseGet(() ->
                pipeline.drift().build(pipeline.signature(), pipeline.recipe().seed()));
        restoring = Optional.of(drift);
        drift.parameters().assign(weights);
        HeldOut restored = new Restoration(pipeline, drift).of(rows, Optional.empty());
        return EnergyDistance.between(restored.recorrupted(), restored.y())
                .orElseThrow(() -> new RunException(
                        "too few held-out observations to tell checkpoints apart; raise data.holdOut to at least 4"));
    }

    /** Puts the chosen weights into the trained drift, and writes them as the result. */
    void choose(Trained trained) {
        INDArray parameters = trained.drift().parameters();
        if (pipeline.recipe().train().select() == Selection.OBSERVATION_ENERGY) {
            if (log.energies().stream().noneMatch(point -> point.step() == trained.steps())) {
                log.checkpoint(trained.steps(), parameters);
            }
            EnergyPoint best = log.energies().stream()
                    .min(Comparator.comparingDouble(EnergyPoint::energy))
                    .orElseThrow();
            parameters.assign(Npy.read(folder.checkpoint(name(best.step()))).reshape(parameters.shape()));
        }
        save(trained.drift());
        restoring.ifPresent(DriftNetwork::close);
    }

    /** Writes a drift's weights as the result. */
    void save(DriftNetwork drift) {
        Npy.write(folder.checkpoint(RESULT), drift.parameters());
    }

    private static String name(int step) {
        return "step-" + step;
    }
}
