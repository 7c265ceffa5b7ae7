package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.Doc;
import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.plugin.KeyType;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.Editor;
import dev.palimpsest.runtime.recipe.RecipeKey;
import dev.palimpsest.runtime.recipe.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaIT {
    private static final Path RECIPES = Launcher.HOME.resolve("recipes");
    private static final Path SCHEMA = RECIPES.resolve("recipe.schema.json");
    private static final Path CONTRIBUTED = Launcher.HOME.resolve("plugins-contrib");

    @TempDir
    Path folder;

    static Stream<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.walk(RECIPES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(RECIPES::relativize)
                    .toList()
                    .stream();
        }
    }

    private static Plugins plugins() {
        return Plugins.load(Launcher.HOME, List.of(CONTRIBUTED), Optional.empty(), Session.OWN_KINDS);
    }

    private static List<Extension<?>> extensions(Plugins plugins) {
        return Stream.concat(Plugins.KINDS.stream(), Session.OWN_KINDS.stream())
                .<Extension<?>>flatMap(kind -> plugins.of(kind).stream())
                .toList();
    }

    @Test
    void the_schema_beside_the_recipes_is_that_of_all_our_plugins() throws IOException {
        Result schema = Launcher.brief(folder).run("schema", "--plugins", CONTRIBUTED.toString());
        assertThat(schema.code()).isZero();
        assertThat(schema.err()).isEmpty();
        assertThat(schema.out())
                .as(
                        "write it anew: runtime/bin/palimpsest schema --plugins plugins-contrib > recipes/recipe.schema.json")
                .isEqualTo(Files.readString(SCHEMA));
    }

    @Test
    void the_page_on_recipes_is_that_of_all_our_plugins() throws IOException {
        Result page = Launcher.brief(folder).run("schema", "--markdown", "--plugins", CONTRIBUTED.toString());
        assertThat(page.code()).isZero();
        assertThat(page.err()).isEmpty();
        assertThat(page.out())
                .as(
                        "write it anew: runtime/bin/palimpsest schema --markdown --plugins plugins-contrib > docs/recipes.md")
                .isEqualTo(Files.readString(Launcher.HOME.resolve("docs/recipes.md")));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void every_shipped_recipe_names_the_schema_and_is_fine_by_it(Path recipe) throws IOException {
        Path file = RECIPES.resolve(recipe);
        String text = Files.readString(file);
        String schema = file.getParent().relativize(SCHEMA).toString().replace('\\', '/');
        assertThat(text).startsWith("# yaml-language-server: $schema=" + schema + "\n");
        assertThat(Editor.of(Files.readString(SCHEMA)).problems(text)).isEmpty();
    }

    @Test
    void every_key_of_every_plugin_says_what_it_means() {
        try (Plugins plugins = plugins()) {
            assertThat(plugins.failures()).isEmpty();
            for (Extension<?> extension : extensions(plugins)) {
                assertThat(extension.type().getAnnotation(Doc.class))
                        .as(extension.name())
                        .isNotNull();
                for (Key key : Key.of(extension)) {
                    assertThat(key.doc())
                            .as(extension.name() + "." + key.name())
                            .isNotBlank();
                    assertThat(key.type())
                            .as(extension.name() + "." + key.name())
                            .isNotInstanceOf(KeyType.Unwritable.class);
                }
            }
        }
    }

    @Test
    void every_key_of_a_recipe_and_of_its_sections_says_what_it_means() {
        try (Plugins plugins = plugins()) {
            Vocabulary vocabulary = new Vocabulary(plugins);
            assertThat(Stream.concat(
                            vocabulary.recipe().stream(),
                            vocabulary.sections().values().stream().flatMap(List::stream)))
                    .extracting(RecipeKey::key)
                    .extracting(Key::doc)
                    .doesNotContain("");
            assertThat(vocabulary.sections()).containsOnlyKeys("train", "evaluate");
        }
    }

    @Test
    void describe_shows_the_keys_of_extensions_sections_and_recipes() {
        Launcher launcher = Launcher.brief(folder);
        assertThat(launcher.run("describe", "random-mask").out())
                .contains(
                        "probability (number, at least 0 and at most 1; default 0.5) Probability of a pixel to be lost.");
        assertThat(launcher.run("describe", "chain").out()).contains("models (list of forward model; required) The");
        assertThat(launcher.run("describe", "train").out())
                .contains(
                        "steps (whole number, at least 1; default 2000) training steps T",
                        "solver (ode solver or nothing; default {type: midpoint, steps: 8}) the ODE solver",
                        "decay (one of cosine, none; default cosine) how");
        assertThat(launcher.run("describe", "recipe").out())
                .contains(
                        "data (data source; required) where the items come from",
                        "schedule (interpolant schedule; default linear)",
                        "name (text; optional) names the run's folder");
        assertThat(launcher.run("describe").out())
                .contains(
                        "ForwardModel\n", "  random-mask: Loses each pixel", "Metric\n", "train: steps, batch, solver");
    }
}
