package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
    private static final String BASE = "data: gaussian\nforward: {type: random-mask, noise: 0.5}\ndrift: still\n";

    @TempDir
    Path temporary;

    private Recipe read(String... overrides) throws IOException {
        return new RecipeFolder(temporary).read(BASE, overrides).recipe();
    }

    @Test
    void an_override_replaces_one_key() throws IOException {
        assertThat(read("forward.probability=.25", "seed=9", "drift.multipliers=[1,2,4]"))
                .satisfies(recipe -> {
                    assertThat(recipe.forward()).isEqualTo(new Parts.RandomMask(0.25, 0.5));
                    assertThat(recipe.seed()).isEqualTo(9);
                    assertThat(recipe.drift()).isEqualTo(new Parts.Still(32, List.of(1, 2, 4), List.of(8)));
                });
    }

    @Test
    void an_override_creates_a_missing_section() throws IOException {
        assertThat(read("train.solver.steps=3", "train.clip=0").train()).satisfies(train -> {
            assertThat(train.solver()).contains(new Parts.Midpoint(3, 1.5));
            assertThat(train.clip()).isZero();
        });
        assertThat(read("schedule.type=latent", "schedule.gamma=3").schedule()).isEqualTo(new Parts.Latent(3));
    }

    @Test
    void an_override_may_be_a_whole_section_in_flow_style() throws IOException {
        assertThat(read("forward={type: in-turn, parts: [clamp], last: {type: clamp, high: 2}}")
                        .forward())
                .isEqualTo(new Parts.InTurn(List.of(new Parts.Clamp()), Optional.of(new Parts.Clamp(-1, 2))));
    }

    @Test
    void a_change_of_type_drops_the_keys_of_the_old_type() throws IOException {
        assertThat(read("forward.type=gaussian-noise").forward()).isEqualTo(new Parts.GaussianNoise());
        assertThat(read("solver=euler").solver()).isEqualTo(new Parts.Euler());
        assertThat(read("solver=midpoint").solver()).isEqualTo(new Parts.Midpoint(16, 1.5));
    }

    @Test
    void a_type_comes_first_wherever_it_stands() throws IOException {
        assertThat(read("solver.steps=3", "solver.type=euler").solver()).isEqualTo(new Parts.Euler(3));
        assertThat(read("solver.steps=3", "solver=euler").solver()).isEqualTo(new Parts.Euler(3));
        assertThat(read("train.solver.steps=3", "train.solver.type=euler")
                        .train()
                        .solver())
                .contains(new Parts.Euler(3));
    }

    @Test
    void of_two_overrides_of_one_key_the_last_holds() throws IOException {
        assertThat(read("seed=2", "seed=3").seed()).isEqualTo(3);
    }

    @Test
    void a_relative_path_is_resolved_against_the_current_directory() throws IOException {
        assertThat(read("data={type: npy, path: y.npy}").data())
                .isEqualTo(new Parts.Npy(Path.of("y.npy").toAbsolutePath(), 0, 100));
    }

    @Test
    void a_value_may_hold_an_equals_sign() throws IOException {
        assertThat(read("forward={type: camera, label: a=b}").forward())
                .extracting(camera -> ((Parts.Camera) camera).label())
                .isEqualTo("a=b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "solver.stps=3 | command line: solver.stps: unknown key \"stps\"; did you mean \"steps\"?",
                "sover.steps=3 | command line: sover.steps: unknown key \"sover\"; did you mean \"solver\"?",
                "solver.steps=many | command line: solver.steps: steps: expected a whole number, got \"many\"",
                "solver.steps=0 | command line: solver.steps: steps must be at least 1, got 0",
                "solver.steps= | command line: solver.steps: steps has no value",
                "solver=eler | command line: solver: unknown type \"eler\"; did you mean \"euler\"?",
                "solver.type=eler | command line: solver.type: unknown type \"eler\"; did you mean \"euler\"?",
                "seed.low=3 | command line: seed.low: seed: expected a whole number, got keys and values",
                "seed | command line: \"seed\": expected key=value, such as solver.steps=32",
                "=3 | command line: \"=3\": expected key=value, such as solver.steps=32; a key is empty or has blanks",
                "solver..steps=3 | command line: \"solver..steps=3\": expected key=value, such as solver.steps=32; a key is empty or has blanks",
                "evaluate.metrics.0=psnr | command line: evaluate.metrics.0: metrics: expected a list, got keys and values",
                "seed=[1 | command line: seed: this is not YAML: expected ',' or ']', but got <stream end> (while parsing a flow sequence)",
                "seed=!!int 3 | command line: seed: tags (\"tag:yaml.org,2002:int\") are not supported; types follow from the keys",
                "extends=a.yaml | command line: extends: extends belongs in a recipe file",
                "seed=1\u00072 | command line: seed: expected printable text, got the character U+0007",
                "train.recorruptions=3 | command line: train.recorruptions: batch must be a multiple of recorruptions (3), got 64",
            })
    void a_wrong_override_is_told_with_its_key(String override, String problem) throws IOException {
        assertThat(new RecipeFolder(temporary).problems(BASE, override)).containsExactly(problem);
    }

    @Test
    void an_override_of_endless_depth_is_a_problem() throws IOException {
        String key = "a.".repeat(3000) + "a";
        assertThat(new RecipeFolder(temporary).problems(BASE, key + "=1"))
                .containsExactly("command line: " + key + ": nested too deeply; expected at most 50 levels");
    }

    @Test
    void all_wrong_overrides_are_told_at_once() throws IOException {
        assertThat(new RecipeFolder(temporary).problems(BASE, "seed=[", "drift.chanels=3", "data.count=x"))
                .hasSize(3);
    }
}
