package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.run.Measured;
import java.nio.file.Path;

/** What became of one run, of one cell with one seed. */
sealed interface Outcome {
    /** Not run yet. */
    record Pending() implements Outcome {}

    /** @param reason one sentence */
    record Failed(String reason) implements Outcome {}

    record Done(Path folder, Measured measured) implements Outcome {}
}
