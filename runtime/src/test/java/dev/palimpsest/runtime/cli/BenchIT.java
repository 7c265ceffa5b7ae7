package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchIT {
    private static final String QUICKSTART =
            Launcher.HOME.resolve("recipes/quickstart.yaml").toString();

    @TempDir
    Path folder;

    private Result bench(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "bench";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Launcher.in(folder).run(command);
    }

    private static List<JsonObject> objects(Result result) {
        assertThat(result.err()).doesNotContain("Exception");
        assertThat(result.code()).isZero();
        return result.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static double number(JsonObject object, String key) {
        return object.get(key).getAsDouble();
    }

    /**
     * 8 steps follow the 2 of the warm-up, with 8 / 4 = 2 blocks of half a batch: one in the 4 mean steps, with a call an item, and one carried with 2 x 4: 3 +
     * (1 + 8) / 2 / 10.
     */
    @Test
    void one_object_has_what_a_plan_of_the_cost_needs() {
        JsonObject cost = objects(
                        bench(QUICKSTART, "train.batch=4", "train.steps=10", "train.warmUp=2", "train.meanSteps=4"))
                .get(0);
        assertThat(cost.keySet())
                .contains(
                        "item",
                        "parameters",
                        "batch",
                        "forwardSeconds",
                        "gradientSeconds",
                        "stepSeconds",
                        "transportSeconds",
                        "itemsPerSecond",
                        "transportCalls",
                        "callsPerItem",
                        "trainSecondsPredicted",
                        "heapBytesPerStep",
                        "nativeBytesPerStep",
                        "otherHeapBytes",
                        "otherNativeBytes");
        assertThat(cost.getAsJsonArray("item").toString()).isEqualTo("[1,32,32]");
        assertThat(number(cost, "batch")).isEqualTo(4);
        assertThat(number(cost, "transportCalls")).isEqualTo(8);
        assertThat(number(cost, "callsPerItem")).isCloseTo(3.45, within(1e-12));
        assertThat(number(cost, "stepSeconds")).isGreaterThanOrEqualTo(number(cost, "stepSecondsLeast"));
        double perStep = number(cost, "stepSeconds")
                + number(cost, "otherSeconds")
                + .05 * number(cost, "forwardSeconds")
                + .05 * number(cost, "transportSeconds");
        assertThat(number(cost, "trainSecondsPredicted")).isCloseTo(10 * perStep, within(1e-9));
        assertThat(number(cost, "itemsPerSecond")).isCloseTo(4 / perStep, within(1e-6));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void the_calls_that_are_predicted_are_those_that_a_run_makes() throws IOException {
        String[] overrides = {
            QUICKSTART,
            "data.limit=60",
            "data.holdOut=20",
            "train.batch=4",
            "train.steps=11",
            "train.warmUp=4",
            "train.pool=0.34",
            "solver.steps=1"
        };
        double predicted = number(objects(bench(overrides)).get(0), "callsPerItem");
        String[] command = new String[overrides.length + 1];
        command[0] = "run";
        System.arraycopy(overrides, 0, command, 1, overrides.length);
        Result run = Launcher.in(folder).run(command);
        assertThat(run.code()).isZero();
        JsonObject summary = JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject();
        assertThat(predicted).isCloseTo(number(summary, "evaluationsPerItem"), within(1e-12));
    }

    @Test
    void items_of_a_shape_need_no_data_and_several_shapes_and_values_give_a_line_each_and_files() throws IOException {
        Launcher.in(folder).write("planned.yaml", """
                data: {type: npy, path: not-there-yet.npy}
                forward: {type: random-mask}
                drift: {type: unet, channels: 4, multipliers: [1, 2], blocks: 1, attention: []}
                train: {solver: {type: euler, steps: 2}}
                """);
        Result result = bench("planned.yaml", "train.batch=2,4", "--item", "3x8x8,1x12x10", "--output", "bench");
        List<JsonObject> costs = objects(result);
        assertThat(costs)
                .extracting(cost -> cost.getAsJsonObject("cell").toString())
                .containsExactly(
                        "{\"train.batch\":\"2\",\"item\":\"3x8x8\"}",
                        "{\"train.batch\":\"2\",\"item\":\"1x12x10\"}",
                        "{\"train.batch\":\"4\",\"item\":\"3x8x8\"}",
                        "{\"train.batch\":\"4\",\"item\":\"1x12x10\"}");
        assertThat(costs).extracting(cost -> cost.get("item").toString()).containsSubsequence("[3,8,8]", "[1,12,10]");
        List<String> csv = Files.readAllLines(folder.resolve("bench/bench.csv"));
        assertThat(csv).hasSize(5);
        assertThat(csv.get(0)).startsWith("train.batch,item,").contains(",stepSeconds,");
        assertThat(csv.get(2)).startsWith("2,1x12x10,");
        assertThat(Files.readString(folder.resolve("bench/bench.html"))).contains("<svg", "train.batch=4", "1x12x10");
    }

    @Test
    void the_time_of_a_step_is_shown_for_each_kind_of_layer_and_for_what_else_a_step_does() {
        Result result = bench(QUICKSTART, "train.batch=2", "--item", "1x8x8", "--kernels");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("convolution +\\d+ +\\d+\\.\\d{3} +\\d+\\.\\d{3} +\\d+\\.\\d %")
                .containsPattern("group norm +\\d+ ")
                .containsPattern("(?m)^optimiser( +\\d+\\.\\d+){3} +-?\\d+\\.\\d$")
                .contains("norm ", "interpolation ", "forward model ", "outside of layers");
    }

    @Test
    void the_layers_of_a_perceptron_are_timed_too() {
        Result result = bench(
                Launcher.HOME.resolve("recipes/two-moons.yaml").toString(),
                "train.batch=8",
                "--item",
                "2",
                "--kernels");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("dense ", "weight gradient ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x8x8", "3x-8x8", "3x8x8x8", "3x8.5x8", "3x8x8,", "1e3", "10000000", "3 x 8"})
    void an_item_that_is_no_shape_is_refused(String item) {
        Result result = bench(QUICKSTART, "--item", item);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("--item: expected one to three whole numbers");
    }

    @Test
    void what_cannot_be_measured_is_said_in_one_line() {
        assertThat(bench(QUICKSTART, "--item", "3x99999x99999"))
                .satisfies(result -> assertThat(result.code()).isEqualTo(2))
                .satisfies(
                        result -> assertThat(result.err()).contains("a batch of 32 items of shape [3, 99999, 99999]"));
        assertThat(bench(QUICKSTART, "--kernels", "--output", "bench").code()).isEqualTo(2);
        Result vectors = bench(QUICKSTART, "--item", "5");
        assertThat(vectors.code()).isEqualTo(3);
        assertThat(vectors.err().lines()).hasSize(1);
        assertThat(vectors.err()).contains("unet takes items [channels, height, width]");
        assertThat(folder).isEmptyDirectory();
    }
}
