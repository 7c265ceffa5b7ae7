package dev.palimpsest.runtime.cli;

import com.google.gson.Gson;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.run.Trial;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** bench RECIPE [key=value ...]. */
final class BenchCommand implements Command {
    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String arguments() {
        return Recipes.ARGUMENTS;
    }

    @Override
    public String summary() {
        return "times the drift's forward pass, gradient, training step and transport, and prints one JSON object of median seconds";
    }

    @Override
    public String example() {
        return "bench recipes/quickstart.yaml train.batch=16";
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        try (Plugins plugins = session.plugins(line)) {
            session.out()
                    .println(new Gson()
                            .toJson(Trial.bench(Recipes.read(arguments, plugins).recipe(), plugins, session.home())));
            return ExitCode.DONE;
        }
    }
}
