package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {
    static final String GOOD = """
            # a comment
            name: first-run
            seed: 7
            data:     {type: gaussian, mean: [0, 1e-3], covariance: [[1, .5], [0.5, 2]], holdOut: 10}
            forward:  {type: random-mask, probability: 0.25, noise: 0.001}
            schedule: {type: latent, gamma: 2}
            drift:    {type: still, channels: 8, multipliers: [1, 2, 2]}
            solver:   {type: midpoint, steps: 4}
            train:    {steps: 200, batch: 16, solver: euler, decay: none, select: observation-energy}
            evaluate: {metrics: [psnr, {type: sliced-wasserstein, projections: 16}]}
            """;

    @TempDir
    Path folder;

    private Recipe read(String text, String... overrides) throws IOException {
        return new RecipeFolder(folder).read(text, overrides).recipe();
    }

    private ForwardModel forward(String value) throws IOException {
        return read("data: gaussian\nforward: " + value + "\ndrift: still\n").forward();
    }

    @Test
    void a_recipe_becomes_records() throws IOException {
        TrainingSettings usual = new TrainingSettings();
        assertThat(read(GOOD))
                .isEqualTo(new Recipe(
                        "first-run",
                        7,
                        new Parts.Gaussian(
                                List.of(0.0, 1e-3), List.of(List.of(1.0, 0.5), List.of(0.5, 2.0)), 1000, 0, 10),
                        new Parts.RandomMask(0.25, 0.001),
                        new Parts.Latent(2),
                        new Parts.Still(8, List.of(1, 2, 2), List.of(8)),
                        new Parts.Midpoint(4, 1.5),
                        new TrainingSettings(
                                200,
                                16,
                                Optional.of(new Parts.Euler(32)),
                                usual.refreshEvery(),
                                usual.teacher(),
                                usual.mix(),
                                usual.recorruptions(),
                                usual.pool(),
                                usual.warmUp(),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                0,
                                true,
                                usual.learningRate(),
                                usual.learningRateWarmUp(),
                                TrainingSettings.Decay.NONE,
                                usual.clip(),
                                usual.checkpointEvery(),
                                TrainingSettings.Selection.OBSERVATION_ENERGY,
                                usual.stopAfter(),
                                usual.microBatch(),
                                usual.saveEvery(),
                                usual.keep()),
                        new EvaluationSettings(List.of(new Parts.Psnr(), new Parts.SlicedWasserstein(16)), 0)));
    }

    @Test
    void what_a_recipe_does_not_say_has_its_default_and_the_name_of_its_file() throws IOException {
        new RecipeFolder(folder).write("My first run.yaml", "data: gaussian\nforward: random-mask\ndrift: still\n");
        Recipe recipe = new RecipeReader(new Parts())
                .read(folder.resolve("My first run.yaml"), List.of())
                .recipe();
        assertThat(recipe.name()).isEqualTo("My-first-run");
        assertThat(recipe.seed()).isEqualTo(1);
        assertThat(recipe.data()).isEqualTo(new Parts.Gaussian());
        assertThat(recipe.schedule()).isEqualTo(new Parts.Linear());
        assertThat(recipe.solver()).isEqualTo(new Parts.Midpoint(16, 1.5));
        assertThat(recipe.train().solver()).contains(new Parts.Midpoint(8, 1.5));
        assertThat(recipe.train().steps()).isEqualTo(new TrainingSettings().steps());
        assertThat(recipe.evaluate().metrics())
                .containsExactly(
                        new Parts.Psnr(),
                        new Parts.Ssim(),
                        new Parts.SlicedWasserstein(),
                        new Parts.EnergyDistance(),
                        new Parts.Moments(),
                        new Parts.ObservationEnergy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "no", "010", "1e3", "0x1F", "1:30", "2020-01-01", ".inf", "=", "yes", "~x", "true"})
    void text_stays_the_text_that_was_written(String text) throws IOException {
        assertThat(forward("{type: camera, label: " + text + "}"))
                .extracting(camera -> ((Parts.Camera) camera).label())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "010, 10", "-3, -3", "+4, 4", "0, 0", "9223372036854775807, 9223372036854775807"})
    void whole_numbers_are_decimal(String text, long seed) throws IOException {
        assertThat(read("seed: " + text + "\ndata: gaussian\nforward: random-mask\ndrift: still\n")
                        .seed())
                .isEqualTo(seed);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1., 1", ".001, 0.001", "1e-3, 0.001", "1E-3, 0.001", "+2.5e+1, 25", "010, 10", "0.1, 0.1"})
    void numbers_may_be_written_in_every_usual_way(String text, double gamma) throws IOException {
        assertThat(read("schedule: {type: latent, gamma: " + text
                                + "}\ndata: gaussian\nforward: random-mask\ndrift: still\n")
                        .schedule())
                .isEqualTo(new Parts.Latent(gamma));
    }

    @Test
    void every_kind_of_key_is_bound_by_its_declared_type() throws IOException {
        assertThat(forward("{type: camera, label: \"a: b\", gain: 0.1, clip: true, serial: 5000000000,"
                        + " readout: global-shutter, darkFrame: dark/../frame.npy, note: nullable, window: {size: 9},"
                        + " tags: [a, \"\", 1], rows: []}"))
                .isEqualTo(new Parts.Camera(
                        "a: b",
                        0.1f,
                        true,
                        5_000_000_000L,
                        Parts.Readout.GLOBAL_SHUTTER,
                        Optional.of(folder.resolve("frame.npy")),
                        Optional.of("nullable"),
                        new Parts.Window(2, 9),
                        List.of("a", "", "1"),
                        List.of()));
    }

    @Test
    void extensions_may_hold_extensions() throws IOException {
        assertThat(
                        forward(
                                "{type: in-turn, parts: [random-mask, {type: clamp, high: 2}], last: {type: in-turn, parts: []}}"))
                .isEqualTo(new Parts.InTurn(
                        List.of(new Parts.RandomMask(), new Parts.Clamp(-1, 2)),
                        Optional.of(new Parts.InTurn(List.of(), Optional.empty()))));
    }

    @Test
    void a_relative_path_is_resolved_against_the_folder_of_the_recipe() throws IOException {
        String rest = "\nforward: random-mask\ndrift: still\n";
        assertThat(read("data: {type: npy, path: scans/y.npy}" + rest).data())
                .isEqualTo(new Parts.Npy(folder.resolve("scans/y.npy"), 0, 100));
        assertThat(read("data: {type: npy, path: /scans/y.npy}" + rest).data())
                .isEqualTo(new Parts.Npy(Path.of("/scans/y.npy"), 0, 100));
    }
}
