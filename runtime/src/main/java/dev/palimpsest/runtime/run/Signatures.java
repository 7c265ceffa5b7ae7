package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.transport.Guess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a run's drift was built for, in its {@code signature.json}, so that the drift can be built again without the data. */
final class Signatures {
    private static final String FILE = "signature.json";
    private static final String GUESS = "guess.json";

    private Signatures() {}

    static void write(RunFolder folder, DriftSignature signature, Optional<Guess> guess) {
        folder.write(FILE, Json.pretty(signature));
        guess.ifPresent(from -> folder.write(GUESS, Json.pretty(from)));
    }

    /** How the run's drift begins from its forward model's guess; empty if it does not, as none did before there were guesses. */
    static Optional<Guess> guess(RunFolder folder) {
        return folder.has(GUESS) ? Optional.of(Json.read(folder.read(GUESS), Guess.class)) : Optional.empty();
    }

    /**
     * Reads it; of a run that has none, what its held-out observations tell.
     *
     * @throws RunException if there are neither, or what there is cannot be read
     */
    static DriftSignature read(RunFolder folder) {
        Path file = folder.path().resolve(FILE);
        if (Files.exists(file)) {
            try {
                return Json.read(Files.readString(file), DriftSignature.class);
            } catch (IOException | RuntimeException damaged) {
                throw new RunException(file + " cannot be read (" + damaged.getMessage() + ")");
            }
        }
        Path y = folder.path().resolve("held-out/y.npy");
        if (!Files.exists(y)) {
            throw new RunException(folder.path() + " tells the shape of its items nowhere: it has no " + FILE);
        }
        Path known = folder.path().resolve("held-out/conditioning.npy");
        long[] conditioning = Files.exists(known) ? item(known) : new long[0];
        return new DriftSignature(
                item(y),
                conditioning.length == 3 ? (int) conditioning[0] : 0,
                conditioning.length == 1 ? (int) conditioning[0] : 0);
    }

    private static long[] item(Path file) {
        try (NpyFile array = NpyFile.open(file)) {
            return array.itemShape();
        }
    }
}
