package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The trained drift of an earlier run.
 *
 * @param run that run's folder
 */
public record TrainedDrift(Path run) {
    /**
     * The SHA-256 of its weights, in hexadecimal.
     *
     * @throws RunException if the run has none
     */
    public String sha256() {
        Path weights = weights();
        try {
            return Sha256.hex(weights);
        } catch (IOException e) {
            throw new FileException("read " + weights, e);
        }
    }

    /**
     * The file of its weights.
     *
     * @throws RunException if the run has none
     */
    Path weights() {
        Path weights = RunFolder.open(run).path().resolve(RunFolder.CHECKPOINTS).resolve(Checkpoints.RESULT + ".npy");
        if (!Files.isRegularFile(weights)) {
            throw new RunException(
                    run + " has no trained drift: " + weights + " is not there; name a run that trained to its end");
        }
        return weights;
    }
}
