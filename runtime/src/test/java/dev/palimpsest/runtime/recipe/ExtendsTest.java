package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendsTest {
    private static final String BASE = """
            seed: 3
            data: {type: gaussian, count: 50}
            forward: {type: random-mask, probability: 0.25}
            drift: {type: still, channels: 4}
            train: {steps: 9, solver: {type: midpoint, steps: 2}}
            """;

    @TempDir
    Path temporary;

    private RecipeFolder folder;

    @BeforeEach
    void a_base() throws IOException {
        folder = new RecipeFolder(temporary);
        folder.write("base.yaml", BASE);
    }

    @Test
    void a_recipe_lies_over_the_one_it_extends() throws IOException {
        Recipe recipe = folder.read("extends: base.yaml\nseed: 4\nforward: {noise: 0.5}\ntrain: {solver: {steps: 5}}\n")
                .recipe();
        assertThat(recipe.seed()).isEqualTo(4);
        assertThat(recipe.forward()).isEqualTo(new Parts.RandomMask(0.25, 0.5));
        assertThat(recipe.train().steps()).isEqualTo(9);
        assertThat(recipe.train().solver()).contains(new Parts.Midpoint(5, 1.5));
        assertThat(recipe.drift()).isEqualTo(new Parts.Still(4, List.of(1, 2), List.of(8)));
    }

    @Test
    void a_change_of_type_drops_the_keys_of_the_old_type() throws IOException {
        Recipe recipe = folder.read("extends: base.yaml\nforward: gaussian-noise\ntrain: {solver: {type: euler}}\n")
                .recipe();
        assertThat(recipe.forward()).isEqualTo(new Parts.GaussianNoise());
        assertThat(recipe.train().solver()).contains(new Parts.Euler());
    }

    @Test
    void the_keys_of_a_type_in_short_form_may_be_given_later() throws IOException {
        folder.write("short.yaml", "extends: base.yaml\nforward: gaussian-noise\n");
        assertThat(folder.read("extends: short.yaml\nforward: {sigma: 3}\n")
                        .recipe()
                        .forward())
                .isEqualTo(new Parts.GaussianNoise(3));
    }

    @Test
    void a_base_may_leave_the_type_to_the_recipes_that_extend_it() throws IOException {
        folder.write("open.yaml", "data: gaussian\nforward: {noise: 0.25}\ndrift: still\n");
        assertThat(folder.read("extends: open.yaml\nforward: {type: random-mask}\n")
                        .recipe()
                        .forward())
                .isEqualTo(new Parts.RandomMask(0.5, 0.25));
    }

    @Test
    void keys_given_to_the_type_of_a_default_go_with_that_type() throws IOException {
        folder.write("usual.yaml", "extends: base.yaml\nsolver: {refinement: 3}\n");
        assertThat(folder.read("extends: usual.yaml\n").recipe().solver()).isEqualTo(new Parts.Midpoint(16, 3));
        assertThat(folder.read("extends: usual.yaml\nsolver: euler\n").recipe().solver())
                .isEqualTo(new Parts.Euler());
    }

    @Test
    void lists_are_replaced_whole() throws IOException {
        assertThat(folder.read("extends: base.yaml\nevaluate: {metrics: [psnr]}\n")
                        .recipe()
                        .evaluate()
                        .metrics())
                .containsExactly(new Parts.Psnr());
    }

    @Test
    void each_relative_path_belongs_to_the_file_in_which_it_stands() throws IOException {
        folder.write("deep/far.yaml", "extends: ../base.yaml\ndata: {type: npy, path: y.npy}\n");
        assertThat(folder.read("extends: deep/far.yaml\ndata: {limit: 7}\n")
                        .recipe()
                        .data())
                .isEqualTo(new Parts.Npy(temporary.resolve("deep/y.npy"), 7, 100));
    }

    @Test
    void a_problem_names_the_file_in_which_the_key_stands() throws IOException {
        folder.write("bad.yaml", "extends: base.yaml\n\nforward:\n  sigm: 3\ntrain: {steps: x}\n");
        assertThat(folder.problems("extends: bad.yaml\nsolver: {steps: 0}\ntrain: {steps: 0}\n"))
                .containsExactly(
                        "recipe.yaml:2:17: steps must be at least 1, got 0",
                        "recipe.yaml:3:16: steps must be at least 1, got 0",
                        "bad.yaml:4:3: unknown key \"sigm\"; it can be: probability, noise, type");
    }

    @Test
    void a_circle_is_told_with_its_chain() throws IOException {
        folder.write("a.yaml", "extends: b.yaml\n");
        folder.write("b.yaml", "seed: 1\nextends: ./a.yaml\n");
        assertThat(folder.problemsOf("a.yaml"))
                .containsExactly("b.yaml:2:10: extends goes round in a circle: a.yaml -> b.yaml -> ./a.yaml");
        assertThat(folder.problems("extends: recipe.yaml\n"))
                .containsExactly("recipe.yaml:1:10: extends goes round in a circle: recipe.yaml -> recipe.yaml");
    }

    @Test
    void ten_files_may_extend_each_other_but_not_eleven() throws IOException {
        folder.write("0.yaml", BASE);
        for (int i = 1; i <= 10; i++) {
            folder.write(i + ".yaml", "extends: " + (i - 1) + ".yaml\n");
        }
        assertThat(new RecipeReader(new Parts())
                        .read(temporary.resolve("9.yaml"), List.of())
                        .recipe()
                        .seed())
                .isEqualTo(3);
        assertThat(folder.problemsOf("10.yaml"))
                .singleElement()
                .asString()
                .startsWith("1.yaml:1:10: too many files extend each other; expected at most 10: 10.yaml -> 9.yaml");
    }

    @Test
    void a_base_that_cannot_be_read_is_told_where_it_is_named() throws IOException {
        assertThat(folder.problems("seed: 1\nextends: bas.yaml\n"))
                .containsExactly("recipe.yaml:2:10: there is no file \"bas.yaml\"; did you mean \"base.yaml\"?");
        assertThat(folder.problems("extends: [base.yaml]\n"))
                .containsExactly("recipe.yaml:1:10: extends: expected the path of one recipe file, got a list");
        assertThat(folder.problems("extends:\n")).containsExactly("recipe.yaml:1:9: extends has no value");
        assertThat(folder.problems("extends: \"\\0\"\n"))
                .containsExactly("recipe.yaml:1:10: extends: expected a path, got \"\\u0000\"");
        folder.write("tab.yaml", "a:\n\tb: 1\n");
        assertThat(folder.problems("extends: tab.yaml\n"))
                .singleElement()
                .asString()
                .startsWith("tab.yaml:2:1: this is not YAML");
    }
}
