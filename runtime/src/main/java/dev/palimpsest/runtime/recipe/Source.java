package dev.palimpsest.runtime.recipe;

import java.nio.file.Path;

/**
 * A text from which keys come.
 *
 * @param name how it is shown: a file as the user gave it, or a key on the command line
 * @param folder against which its relative paths are resolved
 * @param order in which its problems are shown
 */
record Source(String name, Path folder, int order) {
    private static final int AFTER_FILES = Integer.MAX_VALUE;

    static Source file(Path file, int order) {
        return new Source(file.toString(), file.toAbsolutePath().resolveSibling(""), order);
    }

    static Source commandLine(String key) {
        return new Source("command line: " + key, Path.of("").toAbsolutePath(), AFTER_FILES);
    }

    static Source defaults() {
        return new Source("the recipe's defaults", Path.of("").toAbsolutePath(), AFTER_FILES);
    }

    Place whole() {
        return new Place(this, 0, 0);
    }
}
