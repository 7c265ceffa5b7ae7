package dev.palimpsest.runtime.data;

import java.util.Optional;

/**
 * Where the items come from. A source is a record whose components are the recipe keys; all have {@code limit} (how many items to take at most, 0 for
 * all) and {@code holdOut} (how many of them are kept from training, for evaluation). A source holds all its items; {@link Split} applies both, before
 * any item is read.
 */
public interface DataSource {
    int limit();

    int holdOut();

    /** How images are made like the observations that a run is trained on, which have been fitted so themselves. */
    default Fitting fitting() {
        return Fitting.NONE;
    }

    /** How images of any size are cut into windows for training; empty if all items have one size, and are taken whole. */
    default Optional<Patch> patches() {
        return Optional.empty();
    }

    /**
     * Opens the items; what lies in files is read when it is asked for.
     *
     * @param streams the randomness of synthetic data: the stream ("data", 0)
     * @throws DataException if a file cannot be read, naming it, what was expected and what came
     */
    Items open(Places places, RandomStreams streams);
}
