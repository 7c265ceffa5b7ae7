package dev.palimpsest.runtime.data;

import java.nio.file.Path;

/**
 * Where the items come from. A source is a record whose components are the recipe keys; all have {@code limit} (how many items to take at most, 0 for
 * all) and {@code holdOut} (how many of them are kept from training, for evaluation). A source yields all its items; {@link Split} applies both.
 */
public interface DataSource {
    int limit();

    int holdOut();

    /**
     * Reads or draws all items, float32.
     *
     * @param home the folder of the installation, in which packaged data lie
     * @param streams the randomness of synthetic data: the stream ("data", 0)
     * @throws DataException if a file cannot be read, naming it, what was expected and what came
     */
    Items read(Path home, RandomStreams streams);
}
