package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.ReadRecipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.List;

/** A recipe and its overrides as they stand on the command line: RECIPE [key=value ...]. */
final class Recipes {
    static final String ARGUMENTS = "RECIPE [key=value ...]";

    private Recipes() {}

    static ReadRecipe read(List<String> arguments, Plugins plugins) {
        return new RecipeReader(plugins).read(Path.of(arguments.get(0)), arguments.subList(1, arguments.size()));
    }
}
