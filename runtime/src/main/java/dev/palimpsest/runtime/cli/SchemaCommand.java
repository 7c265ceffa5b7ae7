package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeSchema;
import org.apache.commons.cli.CommandLine;

/** schema. */
final class SchemaCommand implements Command {
    @Override
    public String name() {
        return "schema";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "prints the JSON Schema of recipes, with all plugins that are loaded, for completion and checks in editors";
    }

    @Override
    public String example() {
        return "schema --plugins plugins-contrib > recipes/recipe.schema.json";
    }

    @Override
    public int run(CommandLine line, Session session) {
        arguments(line, 0, 0);
        try (Plugins plugins = session.plugins(line)) {
            plugins.failures().forEach(failure -> session.err().println("not in the schema: " + failure));
            session.out().print(RecipeSchema.of(plugins));
            return ExitCode.DONE;
        }
    }
}
