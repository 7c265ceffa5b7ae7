package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibilityIT {
    private static final int[] THREADS = {1, 2, 5};

    @TempDir
    Path folder;

    /** A batch of 1500, so that the network's rows, its weights and the projections of the score are all cut into several pieces. */
    @Test
    void an_mlp_has_the_same_bits_with_any_number_of_threads() throws IOException {
        same("""
                name: moons
                seed: 3
                data: {type: two-moons, noise: 0.1, count: 4000, holdOut: 2200}
                forward: {type: gaussian-noise, sigma: 0.5}
                schedule: {type: latent, gamma: 0.2}
                drift: {type: mlp, widths: [130, 130]}
                solver: {type: dopri5, relativeTolerance: 0.01, absoluteTolerance: 0.01}
                train: {steps: 12, batch: 1500, warmUp: 4, recorruptions: 1, clip: 0.1, learningRate: 1e-2}
                evaluate: {metrics: [sliced-wasserstein, moments, energy-distance, {type: observation-energy, permutations: 19}]}
                """);
    }

    /** Attention in the finest level, and convolutions large enough to be cut into several pieces of the batch. */
    @Test
    void a_unet_has_the_same_bits_with_any_number_of_threads() throws IOException {
        same("""
                name: masked
                seed: 3
                data: {type: fashion-mnist, limit: 120, holdOut: 24}
                forward: {type: random-mask, probability: 0.5, noise: 0.01}
                schedule: linear
                drift: {type: unet, channels: 16, multipliers: [1, 2], blocks: 1, attention: [14]}
                solver: {type: midpoint, steps: 2}
                train: {steps: 8, batch: 16, warmUp: 4, learningRate: 1e-2, checkpointEvery: 4, select: observation-energy}
                evaluate: {metrics: [psnr, ssim, sliced-wasserstein, observation-energy]}
                """);
    }

    @Test
    void the_environment_names_what_else_could_change_the_bits_and_nothing_private() throws IOException {
        Path run = run("""
                name: tiny
                data: {type: two-moons, count: 20, holdOut: 8}
                forward: {type: gaussian-noise, sigma: 0.5}
                drift: {type: mlp, widths: [4]}
                train: {steps: 1, batch: 4}
                """, 3);
        String text = Files.readString(run.resolve("environment.json"));
        JsonObject environment = JsonParser.parseString(text).getAsJsonObject();
        assertThat(environment.keySet())
                .startsWith(
                        "palimpsest",
                        "java",
                        "javaOptions",
                        "os",
                        "processor",
                        "vectorExtensions",
                        "processors",
                        "backend",
                        "binaries",
                        "threads",
                        "blas",
                        "device")
                .contains("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS");
        assertThat(environment.get("OMP_NUM_THREADS").getAsString()).isEqualTo("3");
        assertThat(environment.get("binaries").getAsString()).contains("nd4j-native-", "openblas-");
        assertThat(environment.get("javaOptions").getAsString()).contains("-Xmx");
        assertThat(text).doesNotContain(System.getProperty("user.home"), Launcher.HOME.toString());
    }

    private void same(String recipe) throws IOException {
        Map<String, String> first = RunResult.of(run(recipe, THREADS[0]));
        assertThat(first).hasSizeGreaterThan(4);
        for (int i = 1; i < THREADS.length; i++) {
            assertThat(RunResult.of(run(recipe, THREADS[i])))
                    .as("%s threads as %s", THREADS[i], THREADS[0])
                    .isEqualTo(first);
        }
    }

    private Path run(String recipe, int threads) {
        Launcher launcher = Launcher.in(folder);
        launcher.write("recipe.yaml", recipe);
        Result run = launcher.shell(
                "OMP_NUM_THREADS=%1$d OPENBLAS_NUM_THREADS=%1$d \"$palimpsest\" run recipe.yaml".formatted(threads));
        assertThat(run.code()).as(run.err()).isZero();
        return folder.resolve(run.lastLine());
    }
}
