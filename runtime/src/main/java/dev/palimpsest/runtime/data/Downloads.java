package dev.palimpsest.runtime.data;

import java.nio.file.Path;
import java.util.Map;

/** Where fetched data sets are kept for all runs of a user. */
public final class Downloads {
    private Downloads() {}

    /** {@code $PALIMPSEST_DATA}, or {@code $XDG_DATA_HOME/palimpsest}, or {@code ~/.local/share/palimpsest}. */
    public static Path folder() {
        return folder(System.getenv(), Path.of(System.getProperty("user.home", "")));
    }

    static Path folder(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("PALIMPSEST_DATA", "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        String all = environment.getOrDefault("XDG_DATA_HOME", "");
        return (all.isBlank() ? home.resolve(".local/share") : Path.of(all)).resolve("palimpsest");
    }
}
