package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolvedRecipeTest {
    @TempDir
    Path temporary;

    private ReadRecipe read(String text, String... overrides) throws IOException {
        return new RecipeFolder(temporary.resolve("one")).read(text, overrides);
    }

    private Recipe reread(ReadRecipe read) throws IOException {
        return new RecipeFolder(temporary.resolve("another"))
                .read(read.resolved())
                .recipe();
    }

    @Test
    void the_resolved_recipe_has_every_key_in_order_and_the_type_first() throws IOException {
        ReadRecipe read = read(
                "{drift: still, forward: {noise: 1e-4, type: random-mask}, data: {type: npy, path: y.npy}}",
                "name=all-keys",
                "evaluate.metrics=[psnr, moments]");
        assertThat(read.resolved()).isEqualTo("""
                        name: all-keys
                        seed: 1
                        data:
                          type: npy
                          path: %s
                          limit: 0
                          holdOut: 100
                        forward:
                          type: random-mask
                          probability: 0.5
                          noise: 1.0E-4
                        schedule:
                          type: linear
                        drift:
                          type: still
                          channels: 32
                          multipliers: [1, 2]
                          attention: [8]
                        solver:
                          type: midpoint
                          steps: 16
                          refinement: 1.5
                        train:
                          steps: 2000
                          batch: 64
                          solver:
                            type: midpoint
                            steps: 8
                            refinement: 1.5
                          refreshEvery: 1
                          teacher: 0.95
                          mix: 0.9
                          recorruptions: 2
                          pool: 0.25
                          guess: true
                          endShare: 0.0
                          hold: true
                          learningRate: 5.0E-4
                          learningRateWarmUp: 0.05
                          decay: cosine
                          clip: 1.0
                          checkpointEvery: 0
                          select: last
                          stopAfter: 0
                          microBatch: 0
                          saveEvery: 60.0
                          keep: 2
                        evaluate:
                          metrics: [{type: psnr}, {type: moments}]
                          draws: 0
                        """.formatted(temporary.resolve("one/y.npy")));
    }

    @Test
    void reading_the_resolved_recipe_gives_the_same_recipe_anywhere() throws IOException {
        ReadRecipe read = read(RecipeReaderTest.GOOD);
        assertThat(reread(read)).isEqualTo(read.recipe());
        assertThat(new RecipeFolder(temporary.resolve("third"))
                        .read(read.resolved())
                        .resolved())
                .isEqualTo(read.resolved());
    }

    @Test
    void nested_extensions_and_sections_survive() throws IOException {
        ReadRecipe read = read("""
                data: {type: gaussian, mean: [-0.0, 4.9e-324, 0.1], covariance: [[1], [], [1.7976931348623157e308]]}
                forward:
                  type: in-turn
                  parts: [random-mask, {type: camera, gain: 0.1, serial: -5, darkFrame: a b/c.npy, window: {from: 7}, tags: [x]}]
                  last: {type: in-turn, parts: []}
                drift: still
                evaluate: {metrics: []}
                """);
        assertThat(reread(read)).isEqualTo(read.recipe());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "~",
                "null",
                "true",
                "on",
                "010",
                "1e-3",
                ".nan",
                "0x1F",
                "1:30",
                "2020-01-01",
                "<<",
                "=",
                "- a",
                "a: b",
                "a #b",
                "#",
                "!!int 3",
                "&a",
                "*a",
                "{",
                "[a",
                "'",
                "\"",
                "\\",
                "%",
                "@",
                "`",
                "|",
                ">",
                "---",
                "...",
                "?",
                ":",
                " lead",
                "trail ",
                "two\nlines",
                "\n",
                "a\n\n b\n",
                "tab\there",
                "\t",
                "\u0000",
                "\u0007",
                "\u0085",
                "\u2028",
                "\uFEFF",
                "ünï",
                "\uD83D\uDE00",
                "\uD83D",
                "\r\n",
                "a, b",
                "a sentence that is longer than the eighty columns at which a writer of YAML would usually break its lines, and so would be changed"
            })
    void text_survives_whatever_it_looks_like(String text) throws IOException {
        Recipe recipe = read("data: gaussian\nforward: camera\ndrift: still\n").recipe();
        Parts.Camera usual = new Parts.Camera();
        Parts.Camera camera = new Parts.Camera(
                text,
                usual.gain(),
                usual.clip(),
                usual.serial(),
                usual.readout(),
                usual.darkFrame(),
                Optional.of(text),
                usual.window(),
                List.of(text, "x", text),
                usual.rows());
        Recipe with = new Recipe(
                recipe.name(),
                recipe.seed(),
                recipe.data(),
                camera,
                recipe.schedule(),
                recipe.drift(),
                recipe.solver(),
                recipe.train(),
                recipe.evaluate());
        String resolved = new RecipeWriter(new Parts()).yaml(with);
        assertThat(new RecipeFolder(temporary).read(resolved).recipe()).isEqualTo(with);
    }

    @Test
    void a_default_that_no_recipe_could_have_given_is_left_out() throws IOException {
        Recipe recipe =
                read("data: gaussian\nforward: random-mask\ndrift: still\n").recipe();
        Recipe with = new Recipe(
                recipe.name(),
                recipe.seed(),
                new Parts.Npy(),
                recipe.forward(),
                recipe.schedule(),
                recipe.drift(),
                recipe.solver(),
                recipe.train(),
                recipe.evaluate());
        assertThat(new RecipeWriter(new Parts()).yaml(with)).contains("data:\n  type: npy\n  limit: 0\n");
    }
}
