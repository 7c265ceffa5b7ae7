package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.runtime.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIT {
    private static final String GAUSSIAN =
            Launcher.HOME.resolve("recipes/gaussian.yaml").toString();
    private static final String QUICKSTART =
            Launcher.HOME.resolve("recipes/quickstart.yaml").toString();

    @TempDir
    Path folder;

    private Launcher launcher() {
        return Launcher.in(folder);
    }

    private static JsonObject summary(Path run) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("summary.json")))
                .getAsJsonObject();
    }

    private static double score(JsonObject summary, String name, String which) {
        return summary.getAsJsonObject("scores")
                .getAsJsonObject(name)
                .get(which)
                .getAsDouble();
    }

    /** Method: slope s / sqrt(s^2 + sigma^2) = 0.8944 at s = 1, sigma = 0.5, m = 1; that of the posterior mean is s^2 / (s^2 + sigma^2) = 0.8. */
    @Test
    void the_gaussian_recipe_finds_the_closed_form() throws IOException {
        Result run = launcher().run("run", GAUSSIAN);
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.code()).isZero();
        JsonObject summary = summary(folder.resolve(run.lastLine()));
        assertThat(score(summary, "slope", "value")).isCloseTo(1 / Math.sqrt(1.25), within(0.03 / Math.sqrt(1.25)));
        assertThat(score(summary, "slope", "mean")).isCloseTo(.8, within(.02 * .8));
        assertThat(score(summary, "deviation", "value")).isCloseTo(1, within(0.03));
        assertThat(score(summary, "deviation", "mean")).isCloseTo(Math.sqrt(.8), within(.02 * Math.sqrt(.8)));
        assertThat(score(summary, "mean", "value")).isCloseTo(1, within(0.05));
        Path heldOut = folder.resolve(run.lastLine()).resolve("held-out");
        double[] y = Npy.read(heldOut.resolve("y.npy")).data().asDouble();
        double[] mean = Npy.read(heldOut.resolve("mean.npy")).data().asDouble();
        double squares = 0;
        for (int i = 0; i < y.length; i++) {
            squares += Math.pow(mean[i] - (1 + .8 * (y[i] - 1)), 2) / y.length;
        }
        assertThat(Math.sqrt(squares)).isLessThan(.02 * Math.sqrt(1.25));
    }

    @Test
    void a_run_leaves_every_file_of_its_folder_and_no_other_and_the_same_seed_gives_the_same_bits() throws IOException {
        String[] command = {
            "run",
            QUICKSTART,
            "data.limit=200",
            "data.holdOut=40",
            "train.steps=12",
            "train.warmUp=6",
            "train.batch=16",
            "evaluate.draws=2"
        };
        Path first = folder.resolve(launcher().run(command).lastLine());
        Path second = folder.resolve(launcher().run(command).lastLine());
        assertThat(first).endsWith(Path.of("runs/quickstart/1"));
        assertThat(second).endsWith(Path.of("runs/quickstart/2"));
        for (String file : List.of(
                "recipe.yaml",
                "plugins.lock",
                "environment.json",
                "question.json",
                "metrics.jsonl",
                "summary.json",
                "report.html",
                "checkpoints/result.npy",
                "held-out/y.npy",
                "held-out/restored.npy",
                "held-out/mean.npy",
                "held-out/recorrupted.npy",
                "held-out/conditioning.npy",
                "held-out/clean.npy")) {
            assertThat(first.resolve(file)).isNotEmptyFile();
        }
        assertThat(first.resolve("observations")).doesNotExist();
        assertThat(first.resolve("samples")).isDirectoryContaining("glob:**.png");
        assertThat(Npy.read(first.resolve("held-out/restored.npy")).shape()).containsExactly(40, 1, 32, 32);
        for (String array : List.of("y", "restored", "mean", "recorrupted", "conditioning", "clean")) {
            assertThat(second.resolve("held-out/" + array + ".npy"))
                    .hasSameBinaryContentAs(first.resolve("held-out/" + array + ".npy"));
        }
        JsonObject summary = summary(first);
        assertThat(summary.keySet())
                .contains(
                        "name",
                        "seed",
                        "parameters",
                        "steps",
                        "itemsSeen",
                        "evaluationsPerItem",
                        "seconds",
                        "restoringCalls",
                        "scores",
                        "warnings");
        assertThat(summary.getAsJsonObject("seconds").keySet())
                .containsExactly("firstStep", "train", "judge", "restore", "evaluate", "total");
        assertThat(score(summary, "psnr", "identity")).isBetween(6.0, 7.5);
        assertThat(score(summary, "observation-energy", "mean")).isFinite();

        Result again = launcher().run("run", first.resolve("recipe.yaml").toString());
        assertThat(folder.resolve(again.lastLine()).resolve("held-out/restored.npy"))
                .hasSameBinaryContentAs(first.resolve("held-out/restored.npy"));

        Result coarse = launcher()
                .run("run", first.resolve("recipe.yaml").toString(), "solver.steps=1", "--drift", first.toString());
        assertThat(coarse.code()).isZero();
        assertThat(folder.resolve(coarse.lastLine()).resolve("checkpoints/result.npy"))
                .hasSameBinaryContentAs(first.resolve("checkpoints/result.npy"));
        assertThat(summary(folder.resolve(coarse.lastLine()))
                        .getAsJsonObject("seconds")
                        .keySet())
                .containsExactly("train", "judge", "restore", "evaluate", "total");
        // the mean is one call at t = 1, whatever the solver; of what the trained drift means, only that run's recipe
        // tells
        assertThat(folder.resolve(coarse.lastLine()).resolve("held-out/mean.npy"))
                .isNotEmptyFile();
        Result other = launcher()
                .run(
                        "run",
                        first.resolve("recipe.yaml").toString(),
                        "schedule=trigonometric",
                        "--drift",
                        first.toString());
        assertThat(other.code()).isZero();
        assertThat(other.err())
                .contains("the posterior mean does not follow from the drift of " + first
                        + ", which was trained on another schedule or with another train.mix than the recipe says");
        assertThat(folder.resolve(other.lastLine()).resolve("held-out/mean.npy"))
                .doesNotExist();
        assertThat(folder.resolve(other.lastLine()).resolve("held-out/restored.npy"))
                .hasSameBinaryContentAs(first.resolve("held-out/restored.npy"));
        assertThat(summary(folder.resolve(other.lastLine()))
                        .getAsJsonObject("scores")
                        .getAsJsonObject("psnr")
                        .has("mean"))
                .isFalse();
    }

    @Test
    void observations_alone_are_enough() throws IOException {
        Result simulated = launcher()
                .run(
                        "run",
                        QUICKSTART,
                        "data.limit=120",
                        "data.holdOut=80",
                        "train.steps=4",
                        "train.warmUp=4",
                        "train.batch=8",
                        "evaluate.draws=2");
        Path heldOut = folder.resolve(simulated.lastLine()).resolve("held-out");
        Path scans = Files.createDirectories(folder.resolve("scans"));
        Files.copy(heldOut.resolve("y.npy"), scans.resolve("y.npy"));
        Files.copy(heldOut.resolve("conditioning.npy"), scans.resolve("conditioning.npy"));
        launcher().write("scans.yaml", """
                data: {type: observations, path: scans, holdOut: 20}
                forward: {type: random-mask, probability: 0.5}
                drift: {type: unet, channels: 8, multipliers: [1, 2], blocks: 1, attention: []}
                train: {steps: 8, batch: 8, warmUp: 4, checkpointEvery: 4, select: observation-energy}
                """);
        Result run = launcher().run("run", "scans.yaml");
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.code()).isZero();
        Path result = folder.resolve(run.lastLine());
        assertThat(result.resolve("held-out/clean.npy")).doesNotExist();
        JsonObject scores = summary(result).getAsJsonObject("scores");
        assertThat(scores.keySet()).contains("observation-energy").doesNotContain("psnr", "ssim", "sliced-wasserstein");
        assertThat(scores.getAsJsonObject("observation-energy").keySet())
                .contains("value", "identity", "floor", "pValue");
        assertThat(Files.readString(result.resolve("metrics.jsonl"))).contains("observationEnergy");
    }

    @Test
    void check_pushes_one_batch_through_and_leaves_nothing() {
        Result check = launcher().run("check", QUICKSTART, "train.batch=4");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("parameters: ", "item: [1, 32, 32]", "conditioning: 1 maps", "ready to run");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_wrong_recipe_is_named_with_its_position_and_leaves_no_run_folder() {
        launcher().write("wrong.yaml", """
                data: {type: two-moons}
                forward: {type: gaussian-noise, sigm: 0.5}
                drift: {type: mpl}
                """);
        Result run = launcher().run("run", "wrong.yaml");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("wrong.yaml:2:33: ", "did you mean \"sigma\"", "wrong.yaml:3:15: ", "mlp")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void what_needs_no_learning_stands_beside_the_scores_and_wins_after_five_steps() throws IOException {
        launcher().write("leaves.yaml", """
                seed: 4
                data: {type: dead-leaves, size: [16, 16], count: 150, holdOut: 50}
                forward: {type: gaussian-noise, sigma: 0.2}
                drift: {type: mlp, widths: [8]}
                train: {steps: 5, batch: 8, warmUp: 2}
                evaluate: {metrics: [psnr, ssim, observation-energy]}
                """);
        Result run = launcher().run("run", "leaves.yaml");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("beside, on 50 items +psnr +ssim")
                .containsPattern("(?m)^observed +20\\.\\d+ +0\\.\\d+$")
                .containsPattern("(?m)^total-variation +2\\d\\.\\d+ +0\\.\\d+$")
                .containsPattern("(?m)^total-variation: weight 0\\.\\d+, chosen on the clean items of 32$");
        assertThat(run.err()).contains("warning: learning has not paid: ");
        JsonObject summary = summary(folder.resolve(run.lastLine()));
        JsonObject simple = summary.getAsJsonObject("simple");
        assertThat(simple.keySet())
                .containsExactly("observed", "wiener", "total-variation", "non-local-means", "restored", "mean");
        assertThat(simple.getAsJsonObject("non-local-means").keySet())
                .containsExactly("psnr", "ssim", "items", "about");
        assertThat(simple.getAsJsonObject("restored").get("psnr").getAsDouble())
                .isEqualTo(score(summary, "psnr", "value"));
        assertThat(folder.resolve(run.lastLine()).resolve("report.html"))
                .content()
                .contains("<h2>Beside simple estimates</h2>", "non-local-means: h ", "on 50 held-out items");
    }
}
