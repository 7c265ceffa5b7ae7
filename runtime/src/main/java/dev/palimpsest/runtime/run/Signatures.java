package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.transport.Guess;
import dev.palimpsest.runtime.transport.Guess.Filled;
import dev.palimpsest.runtime.transport.Guess.Wiener;
import dev.palimpsest.runtime.transport.Spectra;
import dev.palimpsest.runtime.transport.Tiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/** What a run's drift was built for, in its {@code signature.json}, so that the drift can be built again without the data. */
final class Signatures {
    private static final String FILE = "signature.json";
    private static final String FILLED = "guess.json";
    private static final String WIENER = "wiener.npy";
    private static final String TILES = "tiles.json";

    private Signatures() {}

    static void write(RunFolder folder, DriftSignature signature, Optional<Guess> guess) {
        folder.write(FILE, Json.pretty(signature));
        guess.ifPresent(from -> write(folder, from));
    }

    /** Writes how images are cut into tiles. */
    static void write(RunFolder folder, Tiling tiles) {
        folder.write(TILES, Json.pretty(tiles));
    }

    /** How the run's images are cut into tiles; empty if it was not trained on patches. */
    static Optional<Tiling> tiles(RunFolder folder) {
        return folder.has(TILES) ? Optional.of(Json.read(folder.read(TILES), Tiling.class)) : Optional.empty();
    }

    /** Writes what a drift begins from. */
    static void write(RunFolder folder, Guess guess) {
        if (guess instanceof Filled filled) {
            folder.write(FILLED, Json.pretty(filled));
        } else if (guess instanceof Wiener wiener) {
            Spectra spectra = wiener.spectra();
            Npy.write(
                    folder.path().resolve(WIENER),
                    Nd4j.createFromArray(new float[][] {spectra.gain(), spectra.noise(), spectra.clean()}));
        }
    }

    /** What the run's drift begins from; empty if from the state itself, as all did before there were guesses. */
    static Optional<Guess> guess(RunFolder folder) {
        if (folder.has(FILLED)) {
            return Optional.of(Json.read(folder.read(FILLED), Filled.class));
        }
        if (!folder.has(WIENER)) {
            return Optional.empty();
        }
        float[][] rows = Npy.read(folder.path().resolve(WIENER)).toFloatMatrix();
        return Optional.of(new Wiener(new Spectra(rows[0], rows[1], rows[2])));
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
