package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.Sha256;
import java.io.IOException;
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
        RunFolder folder = RunFolder.open(run);
        Path weights = folder.path().resolve("checkpoints").resolve(Checkpoints.RESULT + ".npy");
        try {
            return Sha256.hex(weights);
        } catch (IOException e) {
            throw new RunException(
                    run + " has no trained drift: " + weights + " cannot be read; name a run that trained to its end");
        }
    }
}
