package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four Euler steps in the loop at sigma = 2 s: training passes the truth on its way to collapse, and its loss falls all the while. */
class SelectionIT {
    @TempDir
    Path folder;

    private static List<JsonObject> checkpoints(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has("observationEnergy"))
                .toList();
    }

    private static int least(List<JsonObject> checkpoints, String key) {
        return checkpoints.stream()
                .min(Comparator.comparingDouble(point -> point.get(key).getAsDouble()))
                .orElseThrow()
                .get("step")
                .getAsInt();
    }

    @Test
    void the_checkpoint_is_chosen_by_held_out_observations_where_the_loss_would_choose_the_collapse()
            throws IOException {
        Launcher launcher = Launcher.brief(folder);
        launcher.write("collapse.yaml", """
                seed: 6
                data: {type: gaussian, mean: [0.0], covariance: [[1.0]], count: 30000, holdOut: 4000}
                forward: {type: gaussian-noise, sigma: 2}
                drift: {type: mlp, widths: [32]}
                solver: {type: midpoint, steps: 8}
                train:
                  steps: 900
                  batch: 256
                  solver: {type: euler, steps: 4, refinement: 1}
                  recorruptions: 1
                  learningRate: 3e-3
                  decay: none
                  checkpointEvery: 60
                  select: observation-energy
                evaluate: {metrics: [moments]}
                """);
        Result result = launcher.run("run", "collapse.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        Path run = folder.resolve(result.lastLine());

        List<JsonObject> checkpoints = checkpoints(run);
        int nearest = least(checkpoints, "observationEnergy");
        JsonObject least = checkpoints.stream()
                .filter(point -> point.get("step").getAsInt() == nearest)
                .findFirst()
                .orElseThrow();
        double limit = least.get("observationEnergy").getAsDouble()
                + .1 * least.get("noise").getAsDouble();
        int chosen = checkpoints.stream()
                .filter(point -> point.get("observationEnergy").getAsDouble() <= limit)
                .mapToInt(point -> point.get("step").getAsInt())
                .max()
                .orElseThrow();
        assertThat(run.resolve("checkpoints/result.npy"))
                .hasSameBinaryContentAs(run.resolve("checkpoints/step-" + chosen + ".npy"));

        Map<String, JsonObject> choices = new LinkedHashMap<>();
        for (JsonElement choice : JsonParser.parseString(Files.readString(run.resolve("summary.json")))
                .getAsJsonObject()
                .getAsJsonArray("checkpoints")) {
            choices.put(choice.getAsJsonObject().get("by").getAsString(), choice.getAsJsonObject());
        }
        assertThat(choices.get("observation energy").get("step").getAsInt()).isEqualTo(chosen);
        assertThat(choices.get("truth").get("step").getAsInt()).isEqualTo(least(checkpoints, "truth"));
        assertThat(choices.get("loss").get("step").getAsInt()).isGreaterThan(chosen);
        assertThat(choices.get("loss").get("truth").getAsDouble())
                .as("the loss's choice is farther from the truth")
                .isGreaterThan(
                        1.5 * choices.get("observation energy").get("truth").getAsDouble());
    }
}
