package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.ReadRecipe;
import dev.palimpsest.runtime.recipe.RecipeException;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Extensions of several JARs in an extension of another: the chain. */
class NestedPluginsIT {
    private static final String MODELS =
            "[gaussian-noise, {type: chain, models: [{type: linear, gain: 0.5, noise: 0}]}, {type: random-mask, noise: 0}]";

    private static Plugins plugins;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        plugins = Plugins.load(Launcher.HOME, List.of(), Optional.empty(), Session.OWN_KINDS);
    }

    @AfterAll
    static void close() {
        plugins.close();
    }

    private ReadRecipe read(String forward, String... overrides) throws IOException {
        Path file = Files.writeString(
                folder.resolve("nested.yaml"), "data: two-moons\nforward: " + forward + "\ndrift: mlp\n");
        return new RecipeReader(plugins).read(file, List.of(overrides));
    }

    private List<String> problems(String forward, String... overrides) {
        return catchThrowableOfType(RecipeException.class, () -> read(forward, overrides)).problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    private static Observations observed(ForwardModel model) {
        INDArray x = Samples.gaussian(new RandomStreams(3).stream("x", 0), 50, 2);
        return model.prepare(new long[] {2}).apply(x, new RandomStreams(3).stream("forward", 0));
    }

    @Test
    void models_of_other_jars_are_bound_by_short_names_and_chains_in_chains() throws IOException {
        ForwardModel chain =
                read("{type: chain, models: " + MODELS + "}").recipe().forward();
        assertThat(chain)
                .hasToString("Chain[models=[GaussianNoise[sigma=0.5], Chain[models=[Linear[gain=0.5, noise=0.0]]],"
                        + " RandomMask[probability=0.5, noise=0.0]]]");
        assertThat(observed(chain).conditioning().orElseThrow().shape()).containsExactly(50, 2);
    }

    @Test
    void the_resolved_recipe_gives_the_same_chain_and_the_same_bits() throws IOException {
        ReadRecipe first = read("{type: chain, models: " + MODELS + "}");
        Path resolved = Files.writeString(folder.resolve("resolved.yaml"), first.resolved());
        ReadRecipe second = new RecipeReader(plugins).read(resolved, List.of());
        assertThat(second.recipe().forward()).isEqualTo(first.recipe().forward());
        assertThat(second.resolved()).isEqualTo(first.resolved());
        assertThat(observed(second.recipe().forward()).y().toFloatMatrix())
                .isDeepEqualTo(observed(first.recipe().forward()).y().toFloatMatrix());
    }

    @Test
    void what_is_wrong_within_is_told_with_its_position() {
        assertThat(problems("{type: chain, models: [gaussian-nois, {type: chain, models: [{type: linear, gian: 1}]}]}"))
                .containsExactly(
                        "nested.yaml:2:33: unknown type \"gaussian-nois\"; did you mean \"gaussian-noise\"?",
                        "nested.yaml:2:86: unknown key \"gian\"; did you mean \"gain\"?");
        assertThat(problems("{type: chain, models: [{type: random-mask, probability: 2}]}"))
                .containsExactly("nested.yaml:2:66: probability must be at least 0 and at most 1, got 2.0");
    }

    @Test
    void a_chain_has_to_name_its_models() {
        assertThat(problems("chain")).singleElement().asString().startsWith("nested.yaml:2:10: missing key \"models\"");
        assertThat(problems("{type: chain, models: gaussian-noise}"))
                .containsExactly("nested.yaml:2:32: models: expected a list, got \"gaussian-noise\"");
    }

    @Test
    void overrides_replace_the_list_whole_and_a_change_of_type_drops_it() throws IOException {
        String chain = "{type: chain, models: " + MODELS + "}";
        assertThat(read(chain, "forward.models=[{type: linear, gain: 2}]")
                        .recipe()
                        .forward())
                .hasToString("Chain[models=[Linear[gain=2.0, noise=0.1]]]");
        assertThat(read(chain, "forward=gaussian-noise").recipe().forward()).hasToString("GaussianNoise[sigma=0.5]");
        assertThat(problems(chain, "forward.models.0.sigma=2"))
                .containsExactly("command line: forward.models.0.sigma: models: expected a list, got keys and values");
    }

    @Test
    void the_model_that_refuses_an_item_is_named_by_its_place() throws IOException {
        ForwardModel chain = read("{type: chain, models: [gaussian-noise, block-mask]}")
                .recipe()
                .forward();
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> observed(chain)))
                .hasMessageStartingWith("model 2 of the chain (BlockMask): ");
    }

    @Test
    void a_run_of_a_chain_is_checked_from_end_to_end() throws IOException {
        read("{type: chain, models: [gaussian-noise, random-mask]}");
        Launcher launcher = Launcher.brief(folder);
        Launcher.Result check =
                launcher.run("check", "nested.yaml", "data.count=200", "data.holdOut=20", "train.batch=8");
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        Launcher.Result refused = launcher.run(
                "check",
                "nested.yaml",
                "forward.models=[gaussian-noise, block-mask]",
                "data.count=200",
                "data.holdOut=20");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("forward model \"chain\"", "model 2 of the chain (BlockMask)");
    }
}
