package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The trained drift of another run, which this run uses without training: it is copied into this run's folder, so that whatever becomes of the other one
 * changes nothing here.
 *
 * @param run the other run
 * @param otherData whether it was trained with another seed or on other data
 * @param otherMean whether it was trained on another schedule or with another train.mix, on which the posterior mean depends
 */
record BorrowedDrift(String run, boolean otherData, boolean otherMean) {
    static final String FILE = "drift.json";
    private static final String TRAINED = "drift-recipe.yaml";

    /** Copies another run's drift into a run that is to begin. */
    static void into(RunFolder folder, Path run, Recipe now, RecipeReader reader) {
        RunFolder other = RunFolder.open(run);
        Path weights = new TrainedDrift(run).weights();
        WholeFile.write(folder.checkpoint(Checkpoints.RESULT), out -> Files.copy(weights, out));
        Signatures.guess(other).ifPresent(guess -> Signatures.write(folder, guess));
        Path trained = trainedBy(other);
        WholeFile.write(folder.path().resolve(TRAINED), out -> Files.copy(trained, out));
        Recipe then =
                reader.read(other.path().resolve(RunFolder.RECIPE), List.of()).recipe();
        boolean otherData = then.seed() != now.seed() || !then.data().equals(now.data());
        boolean otherMean = !then.schedule().equals(now.schedule())
                || then.train().mix() != now.train().mix()
                || in(other).filter(BorrowedDrift::otherMean).isPresent();
        folder.write(FILE, Json.pretty(new BorrowedDrift(run.toString(), otherData, otherMean)));
    }

    /** The recipe that a run's drift was trained by: its own, or that of the run which it is borrowed from. */
    static Path trainedBy(RunFolder folder) {
        return folder.path().resolve(folder.has(TRAINED) ? TRAINED : RunFolder.RECIPE);
    }

    /** What a run has borrowed, if it has. */
    static Optional<BorrowedDrift> in(RunFolder folder) {
        return folder.has(FILE) ? Optional.of(Json.read(folder.read(FILE), BorrowedDrift.class)) : Optional.empty();
    }

    /**
     * Builds the network.
     *
     * @throws RunException if it has not as many parameters as the recipe's
     */
    DriftNetwork load(Pipeline pipeline, RunFolder folder, Consumer<String> warning) {
        DriftNetwork network =
                pipeline.drift().build(pipeline.signature(), pipeline.recipe().seed());
        try {
            Weights.into(
                    network,
                    folder.checkpoint(Checkpoints.RESULT),
                    (had, expected) -> "the drift of " + run + " has " + had + " parameters, the recipe's has "
                            + expected + "; use the drift section of that run's recipe.yaml");
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        if (otherData) {
            warning.accept(
                    "the drift of " + run
                            + " was trained with another seed or other data: it may have been trained on what is held out here");
        }
        return network;
    }
}
