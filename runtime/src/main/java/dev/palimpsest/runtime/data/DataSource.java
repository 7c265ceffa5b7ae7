package dev.palimpsest.runtime.data;

import java.nio.file.Path;

/**
 * Where the items come from. A source is a record whose components are the recipe keys; all have {@code limit} (how many items to take at most, 0 for
 * all) and {@code holdOut} (how many of them are kept from training, for evaluation).
 */
public interface DataSource {
    int limit();

    int holdOut();

    /**
     * Reads or draws the items: at most {@code limit}, all float32.
     *
     * @param home the folder of the installation, in which packaged data lie
     * @param streams the randomness of synthetic data
     * @throws DataException if a file cannot be read, naming it, what was expected and what came
     */
    Items read(Path home, RandomStreams streams);
}
