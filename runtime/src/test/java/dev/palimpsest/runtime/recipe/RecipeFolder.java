package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of recipe files, read with the extensions of {@link Parts}; its own path is left out of problems. */
record RecipeFolder(Path folder) {
    static final String RECIPE = "recipe.yaml";

    Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    ReadRecipe read(String text, String... overrides) throws IOException {
        write(RECIPE, text);
        return new RecipeReader(new Parts()).read(folder.resolve(RECIPE), List.of(overrides));
    }

    List<String> problems(String text, String... overrides) throws IOException {
        write(RECIPE, text);
        return problemsOf(RECIPE, overrides);
    }

    List<String> problemsOf(String name, String... overrides) {
        RecipeReader reader = new RecipeReader(new Parts());
        return catchThrowableOfType(RecipeException.class, () -> reader.read(folder.resolve(name), List.of(overrides)))
                .problems()
                .stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }
}
