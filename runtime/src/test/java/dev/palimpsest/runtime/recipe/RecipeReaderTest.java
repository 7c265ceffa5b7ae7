package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Recipe read(String text, String... overrides) throws IOException {
        return new RecipeReader(new Parts())
                .read(write("recipe.yaml", text), List.of(overrides))
                .recipe();
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
                        new Parts.Still(8, List.of(1, 2, 2), List.of()),
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
                                usual.learningRate(),
                                usual.learningRateWarmUp(),
                                TrainingSettings.Decay.NONE,
                                usual.clip(),
                                usual.checkpointEvery(),
                                TrainingSettings.Selection.OBSERVATION_ENERGY),
                        new EvaluationSettings(List.of(new Parts.Psnr(), new Parts.SlicedWasserstein(16)))));
    }
}
