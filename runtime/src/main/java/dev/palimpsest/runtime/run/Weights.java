package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.runtime.data.Npy;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Saved weights of drifts. */
final class Weights {
    private Weights() {}

    /**
     * Puts the weights of a file into a network.
     *
     * @param mismatch what to tell where the file has so many weights, and the network so many
     * @throws RunException if they are not as many
     */
    static void into(DriftNetwork network, Path file, BiFunction<Long, Long, String> mismatch) {
        INDArray weights = Npy.read(file);
        INDArray parameters = network.parameters();
        if (weights.length() != parameters.length()) {
            throw new RunException(mismatch.apply(weights.length(), parameters.length()));
        }
        parameters.assign(weights.reshape(parameters.shape()));
        weights.close();
    }
}
