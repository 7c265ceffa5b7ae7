package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeSchema;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** schema. */
final class SchemaCommand implements Command {
    private static final String MARKDOWN = "markdown";

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
    public List<String> examples() {
        return List.of(
                "palimpsest schema --plugins plugins-contrib > recipe.schema.json",
                "palimpsest schema --markdown > recipes.md  # the same to read");
    }

    @Override
    public Options options() {
        return new Options().addOption(Command.flag(MARKDOWN, "the same as a page of Markdown, for people"));
    }

    @Override
    public int run(CommandLine line, Session session) {
        arguments(line, 0, 0);
        try (Plugins plugins = session.plugins(line)) {
            plugins.failures().forEach(failure -> session.err().println("not in the schema: " + failure));
            session.out().print(line.hasOption(MARKDOWN) ? RecipeReference.of(plugins) : RecipeSchema.of(plugins));
            return ExitCode.DONE;
        }
    }
}
