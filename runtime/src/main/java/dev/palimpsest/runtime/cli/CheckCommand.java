package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.run.Trial;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** check RECIPE [key=value ...]. */
final class CheckCommand implements Command {
    @Override
    public String name() {
        return "check";
    }

    @Override
    public String arguments() {
        return Recipes.ARGUMENTS;
    }

    @Override
    public String summary() {
        return "binds and builds everything, and pushes one batch through: a dry run";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest check recipes/quickstart.yaml",
                "palimpsest check recipes/cifar10-mask-50.yaml  # after: palimpsest data cifar10");
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        try (Plugins plugins = session.plugins(line)) {
            var recipe = Recipes.read(arguments, plugins).recipe();
            Trial.check(recipe, plugins, session.home())
                    .forEach((name, found) -> session.out().println(name + ": " + found));
            session.out().println("the recipe \"" + recipe.name() + "\" is ready to run");
            return ExitCode.DONE;
        }
    }
}
