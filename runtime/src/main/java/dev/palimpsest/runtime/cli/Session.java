package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every command works with.
 *
 * @param home the folder of the installation
 * @param out for results
 * @param err for progress and errors
 * @param terminal whether a person looks at {@code err}
 */
record Session(Path home, PrintStream out, PrintStream err, boolean terminal) {
    /** What the runtime itself brings for recipes. */
    static final List<Class<?>> OWN_KINDS = RecipeReader.OWN_KINDS;

    /** ND4J calls System.gc() now and then; each call costs the time of several training steps. */
    private static final int MILLISECONDS_BETWEEN_COLLECTIONS = 5000;

    /** Loads the plugins of the installation, and of the folders that the command line names. */
    Plugins plugins(CommandLine line) {
        Plugins plugins = Plugins.load(home, roots(line), lock(line), OWN_KINDS);
        Nd4j.getMemoryManager().setAutoGcWindow(MILLISECONDS_BETWEEN_COLLECTIONS);
        return plugins;
    }

    /** The folders of plugin JARs that the command line names. */
    static List<Path> roots(CommandLine line) {
        return line.hasOption(CommandLineInterface.PLUGINS)
                ? List.of(line.getOptionValues(CommandLineInterface.PLUGINS)).stream()
                        .map(Path::of)
                        .toList()
                : List.of();
    }

    static Optional<Path> lock(CommandLine line) {
        return Optional.ofNullable(line.getOptionValue(CommandLineInterface.LOCKED))
                .map(Path::of);
    }

    Path runs(CommandLine line) {
        return Path.of(line.getOptionValue(CommandLineInterface.RUNS, "runs"));
    }
}
