package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

class RecipeSchemaTest {
    /** What the reader refuses and a schema cannot see: it is given values and not how they were written, one by one, and knows no constructor. */
    private static final Set<String> UNSEEN = Set.of(
            "a hexadecimal number",
            "a long that overflows",
            "a double that overflows",
            "a tag of YAML's",
            "an anchor",
            "a merge key",
            "keys that do not agree",
            "the same metric twice",
            "a key that does not agree with a default",
            "a name that is no name",
            "a path with a NUL",
            "a constructor that refuses a key",
            "a constructor that refuses them all",
            "a constructor that fails");

    private static final String BASE = """
            data: {type: gaussian, count: 50}
            forward: {type: camera, gain: 2}
            drift: {type: still, channels: 4}
            """;

    private final Editor editor = Editor.of(RecipeSchema.of(new Parts()));

    @TempDir
    Path temporary;

    /** All but those nested so deeply that the editor's own reader runs out of stack. */
    static Stream<Arguments> hostile() {
        return HostileRecipesTest.hostile()
                .filter(arguments -> !((String) arguments.get()[0]).startsWith("depth "));
    }

    private boolean isFine(String yaml) {
        return editor.problems(yaml).isEmpty();
    }

    @Test
    void the_schema_is_a_schema_of_draft_07() {
        assertThat(Editor.ofSchemas().problems(RecipeSchema.of(new Parts()))).isEmpty();
        assertThat(Editor.ofSchemas().problems("{properties: 3}")).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void an_editor_refuses_what_the_reader_refuses(String title, String text, List<String> problems) {
        boolean fine;
        try {
            fine = isFine(text);
        } catch (YamlEngineException | IllegalArgumentException neitherYamlNorJson) {
            fine = false;
        }
        assertThat(fine).as(text).isEqualTo(UNSEEN.contains(title));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "solver: {steps: 3}",
                "solver: {steps: 3, refinement: 1}",
                "solver: {type: euler, steps: 3}",
                "solver: euler",
                "schedule: {}",
                "schedule: {type: latent}",
                "train: {}",
                "train: {solver: {steps: 3}}",
                "train: {solver: euler, learningRate: 5e-4, clip: 1}",
                "name: 2020",
                "name: true",
                "evaluate: {metrics: []}",
                "evaluate: {metrics: [psnr, {type: sliced-wasserstein, projections: 3}]}",
            })
    void what_the_reader_takes_over_its_defaults_is_fine(String lines) throws IOException {
        String recipe = BASE + lines + "\n";
        new RecipeFolder(temporary).read(recipe);
        assertThat(editor.problems(recipe)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "train: {steps: 2}",
                "forward: {gain: 3}",
                "forward: {window: {size: 9}}",
                "forward: {type: camera, window: {from: 1}}",
                "forward: {type: in-turn, last: camera}",
                "data: {count: 3}",
                "data: gaussian",
                "drift: {channels: 1}",
                "solver: {steps: 5}",
                "train: {solver: {steps: 5}}",
            })
    void a_recipe_that_extends_another_gives_parts_of_sections_without_their_types(String lines) throws IOException {
        RecipeFolder folder = new RecipeFolder(temporary);
        folder.write("base.yaml", BASE);
        String recipe = "extends: base.yaml\n" + lines + "\n";
        folder.read(recipe);
        assertThat(editor.problems(recipe)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trian: {steps: 2}",
                "train: {stpes: 2}",
                "train: {steps: 0}",
                "train: {steps: two}",
                "train: 2",
                "forward: {gian: 3}",
                "forward: {type: camera, probability: 0.5}",
                "forward: {type: camra}",
                "forward: camra",
                "forward: {window: {form: 1}}",
                "forward: {type: in-turn, parts: [{gain: 3}]}",
                "evaluate: {metrics: [{projections: 3}]}",
                "solver: {steps: 5, gain: 2}",
                "solver: ~",
                "extends: [base.yaml]",
            })
    void what_is_wrong_above_any_base_is_refused_by_both(String lines) throws IOException {
        RecipeFolder folder = new RecipeFolder(temporary);
        folder.write("base.yaml", BASE);
        String recipe = (lines.startsWith("extends") ? "" : "extends: base.yaml\n") + lines + "\n";
        assertThat(folder.problems(recipe)).isNotEmpty();
        assertThat(editor.problems(recipe)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "forward", "drift"})
    void what_no_default_gives_must_be_there_unless_a_base_has_it(String section) {
        String without = BASE.replaceAll("(?m)^" + section + ":.*\n", "");
        assertThat(isFine(BASE)).isTrue();
        assertThat(isFine(without)).isFalse();
        assertThat(isFine(without + section + ": {}\n")).isFalse();
        assertThat(isFine("extends: base.yaml\n" + without)).isTrue();
    }

    @Test
    void an_empty_list_may_be_written_for_one_that_is_not_empty_by_default() throws IOException {
        String recipe = BASE.replace("channels: 4", "attention: []").replace("gain: 2", "tags: [], rows: []");
        new RecipeFolder(temporary).read(recipe);
        assertThat(editor.problems(recipe)).isEmpty();
    }

    @Test
    void a_resolved_recipe_is_fine() throws IOException {
        String resolved =
                new RecipeFolder(temporary).read(RecipeReaderTest.GOOD).resolved();
        assertThat(editor.problems(RecipeReaderTest.GOOD)).isEmpty();
        assertThat(editor.problems(resolved)).isEmpty();
    }

    @Test
    void an_extension_in_an_extension_in_a_list_is_checked_like_any_other() {
        String start = "data: gaussian\ndrift: still\nforward: {type: in-turn, parts: ";
        assertThat(isFine(start + "[camera, {type: in-turn, parts: [{type: random-mask, noise: 0.5}]}]}\n"))
                .isTrue();
        assertThat(isFine(start + "[camera, {type: in-turn, parts: [{type: random-mask, nois: 0.5}]}]}\n"))
                .isFalse();
        assertThat(isFine(start + "[camera, {type: in-turn, parts: [divider]}]}\n"))
                .isFalse();
        assertThat(isFine(start + "[{type: divider, by: 1, of: 2}]}\n")).isTrue();
    }
}
