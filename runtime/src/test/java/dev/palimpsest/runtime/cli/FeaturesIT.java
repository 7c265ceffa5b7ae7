package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores on features that plugins bring, by the command line. */
class FeaturesIT {
    private static final String QUICKSTART =
            Launcher.HOME.resolve("recipes/quickstart.yaml").toString();
    private static final String CONTRIBUTED =
            Launcher.HOME.resolve("plugins-contrib").toString();
    private static final Path MODELS =
            Launcher.HOME.resolve("plugins-contrib/onnx/src/test/resources/dev/palimpsest/plugins/onnx");

    @TempDir
    Path folder;

    private Result run(String command, int holdOut, String metrics) {
        return Launcher.in(folder)
                .run(
                        command,
                        QUICKSTART,
                        "evaluate.draws=2",
                        "data.limit=" + (holdOut + 60),
                        "data.holdOut=" + holdOut,
                        "train.steps=4",
                        "train.warmUp=4",
                        "train.batch=16",
                        "evaluate.metrics=" + metrics,
                        "--plugins",
                        CONTRIBUTED);
    }

    private JsonObject summary(Result run) throws IOException {
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.code()).isZero();
        return JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject();
    }

    @Test
    void a_run_scores_on_the_features_of_plugins_and_says_which_they_were() throws IOException {
        String onnx = "{type: onnx, model: " + MODELS.resolve("average.onnx") + "}";
        Result run = run(
                "run",
                140,
                "[{type: frechet, features: fashion-classifier}, {type: mmd, features: " + onnx
                        + ", permutations: 39}, power-spectrum, observation-power-spectrum]");
        JsonObject summary = summary(run);
        JsonObject scores = summary.getAsJsonObject("scores");
        assertThat(scores.keySet())
                .containsExactly(
                        "frechet-fashion-classifier",
                        "mmd-onnx-average.onnx",
                        "power-spectrum",
                        "observation-power-spectrum");
        JsonObject frechet = scores.getAsJsonObject("frechet-fashion-classifier");
        assertThat(frechet.get("about").getAsString())
                .matches("on fashion-classifier \\(SHA-256 [0-9a-f]{12}\\), 64 features; 70 items against 70");
        // half of the pixels are noise in y, and next to nothing was learned
        assertThat(frechet.get("identity").getAsDouble())
                .isGreaterThan(2 * frechet.get("floor").getAsDouble());
        assertThat(scores.getAsJsonObject("mmd-onnx-average.onnx").get("about").getAsString())
                .matches("squared, on onnx average.onnx \\(SHA-256 [0-9a-f]{12}\\), 1 features; gaussian kernel of .*");
        assertThat(run.out()).contains("frechet-fashion-classifier: on fashion-classifier (SHA-256 ");
        assertThat(Files.readString(folder.resolve(run.lastLine()).resolve("recipe.yaml")))
                .contains("type: fashion-classifier", "average.onnx");
    }

    @Test
    void too_few_items_for_the_features_are_a_warning_and_no_score() throws IOException {
        JsonObject summary = summary(run("run", 100, "[psnr, {type: frechet, features: fashion-classifier}]"));
        assertThat(summary.getAsJsonObject("scores").keySet()).containsExactly("psnr");
        JsonArray warnings = summary.getAsJsonArray("warnings");
        assertThat(warnings.toString())
                .contains("frechet-fashion-classifier is left out: halves of 50 held-out items give no covariance of 64"
                        + " features; hold out at least 130 items");
    }

    @Test
    void features_that_cannot_be_computed_are_told_before_anything_is_trained() {
        Result wrong = run("run", 40, "[{type: frechet, features: cifar-classifier}]");
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.err())
                .contains(
                        "feature map \"cifar-classifier\" (plugin palimpsest-classifiers): cifar-classifier takes items of"
                                + " shape [3, 32, 32], got [1, 32, 32]");
        assertThat(folder.resolve("runs/quickstart/1")).doesNotExist();
        Result missing = run("check", 40, "[{type: mmd, features: {type: onnx, model: nowhere.onnx}}]");
        assertThat(missing.code()).isEqualTo(3);
        assertThat(missing.err())
                .contains("feature map \"onnx\" (plugin palimpsest-onnx): model: expected an ONNX file");
    }
}
