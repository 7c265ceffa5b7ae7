package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareIT {
    private static final String[] SOLVERS = {
        "compare", "tiny.yaml", "solver.type=euler,midpoint", "solver.steps=2,4", "--drift", "runs/tiny/1"
    };

    @TempDir
    static Path folder;

    private static Launcher launcher;
    private static Result solvers;

    @BeforeAll
    static void four_cells_are_compared_on_one_trained_drift() {
        launcher = Launcher.brief(folder);
        launcher.write("tiny.yaml", """
                seed: 3
                data: {type: gaussian, mean: [1.0], covariance: [[1.0]], count: 2000, holdOut: 1000}
                forward: {type: gaussian-noise, sigma: 0.5}
                drift: {type: mlp, widths: [16]}
                solver: {type: midpoint, steps: 4}
                train: {steps: 40, batch: 64, recorruptions: 1}
                evaluate: {metrics: [moments, sliced-wasserstein, {type: observation-energy, permutations: 19}]}
                """);
        assertThat(launcher.run("run", "tiny.yaml").code()).isZero();
        solvers = launcher.run(SOLVERS);
    }

    /** The lines of compare.csv, by their columns' names; no value in these tests has a comma but the reasons in quotes, which come last. */
    private static List<Map<String, String>> rows(String compared) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(compared).resolve("compare.csv"));
        String[] names = lines.get(0).split(",", -1);
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .map(values -> {
                    assertThat(values).hasSameSizeAs(names);
                    Map<String, String> row = new LinkedHashMap<>();
                    IntStream.range(0, names.length).forEach(i -> row.put(names[i], values[i]));
                    return row;
                })
                .toList();
    }

    private static List<String> column(String compared, String name) throws IOException {
        return rows(compared).stream().map(row -> row.get(name)).toList();
    }

    /** All that does not depend on how fast the machine was. */
    private static List<Map<String, String>> figures(String compared) throws IOException {
        List<Map<String, String>> rows = rows(compared);
        rows.forEach(row -> row.keySet().removeIf(name -> name.endsWith("Seconds")));
        return rows;
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.script().toString()));
        command.addAll(Arrays.asList(arguments));
        return launcher.start(command, folder.resolve("out.txt"), folder.resolve("err.txt"));
    }

    private static void awaitDone(String compared, int cells) throws Exception {
        Path csv = folder.resolve(compared).resolve("compare.csv");
        for (int i = 0; i < 1200; i++) {
            if (Files.exists(csv)
                    && column(compared, "status").stream()
                                    .filter("done"::equals)
                                    .count()
                            >= cells) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("not done after a minute: " + Files.readString(folder.resolve("err.txt")));
    }

    private static List<Path> summaries(String compared) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(compared))) {
            return files.filter(file -> file.endsWith("summary.json")).sorted().toList();
        }
    }

    /** Each summary's text, in which the seconds are those of the one time that it was run. */
    private static Map<Path, String> texts(List<Path> summaries) throws IOException {
        Map<Path, String> texts = new LinkedHashMap<>();
        for (Path summary : summaries) {
            texts.put(summary, Files.readString(summary));
        }
        return texts;
    }

    /** An Euler step calls the network once, a midpoint step twice. */
    @Test
    void every_cell_of_a_grid_is_a_row_and_an_ordinary_run() throws IOException {
        assertThat(solvers.err())
                .doesNotContain("Exception")
                .contains("4 runs", "cell 4 of 4 (solver.type=midpoint solver.steps=4): ");
        assertThat(solvers.code()).isZero();
        assertThat(solvers.lastLine()).isEqualTo("runs/tiny-compare");
        assertThat(solvers.out()).contains("solver.type", "calls", "sliced-wasserstein", "seconds");
        assertThat(column("runs/tiny-compare", "solver.type"))
                .containsExactly("euler", "euler", "midpoint", "midpoint");
        assertThat(column("runs/tiny-compare", "solver.steps")).containsExactly("2", "4", "2", "4");
        assertThat(column("runs/tiny-compare", "restoringCalls")).containsExactly("2.0", "4.0", "4.0", "8.0");
        assertThat(column("runs/tiny-compare", "steps")).containsOnly("0.0");
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("runs/tiny-compare/compare.json")))
                .getAsJsonObject();
        assertThat(json.getAsJsonArray("cells")).hasSize(4).allSatisfy(cell -> {
            Path run = folder.resolve("runs/tiny-compare")
                    .resolve(
                            cell.getAsJsonObject().getAsJsonArray("runs").get(0).getAsString());
            double value = JsonParser.parseString(Files.readString(run.resolve("summary.json")))
                    .getAsJsonObject()
                    .getAsJsonObject("scores")
                    .getAsJsonObject("sliced-wasserstein")
                    .get("value")
                    .getAsDouble();
            assertThat(cell.getAsJsonObject()
                            .getAsJsonObject("scores")
                            .getAsJsonObject("sliced-wasserstein")
                            .get("value")
                            .getAsDouble())
                    .isEqualTo(value);
            assertThat(run.resolve("report.html")).isNotEmptyFile();
        });
        assertThat(Files.readString(folder.resolve("runs/tiny-compare/compare.html")))
                .contains("<svg", "network calls for each restored item", "midpoint 4");
    }

    @Test
    void the_same_command_again_runs_nothing_and_a_second_comparison_with_two_jobs_has_the_same_bits()
            throws IOException {
        String csv = Files.readString(folder.resolve("runs/tiny-compare/compare.csv"));
        Result again = launcher.run(SOLVERS);
        assertThat(again.err()).contains("4 runs, 4 finished already").doesNotContain("cell ");
        assertThat(again.out()).isEqualTo(solvers.out());
        assertThat(Files.readString(folder.resolve("runs/tiny-compare/compare.csv")))
                .isEqualTo(csv);

        Result parallel =
                launcher.run(Stream.concat(Arrays.stream(SOLVERS), Stream.of("--jobs", "2", "--output", "parallel"))
                        .toArray(String[]::new));
        assertThat(parallel.lastLine()).isEqualTo("parallel");
        assertThat(figures("parallel")).isEqualTo(figures("runs/tiny-compare"));
    }

    @Test
    void a_result_is_used_again_unless_its_recipe_or_drift_has_changed_or_all_are_to_be_run_again() throws IOException {
        Path other = folder.resolve("other");
        for (String file : List.of("recipe.yaml", "checkpoints/result.npy")) {
            Files.createDirectories(other.resolve(file).getParent());
            Files.copy(folder.resolve("runs/tiny/1").resolve(file), other.resolve(file));
        }
        String[] command = {
            "compare", "tiny.yaml", "solver.steps=2", "solver.refinement=1,2", "--drift", "other", "--output", "changed"
        };
        assertThat(launcher.run(command).err()).contains("2 runs").doesNotContain("finished already");
        command[3] = "solver.refinement=2,3";
        assertThat(launcher.run(command).err()).contains("2 runs, 1 finished already", "cell 2 of 2");
        List<String> before = column("changed", "slope");

        Path weights = other.resolve("checkpoints/result.npy");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
        assertThat(launcher.run(command).err()).contains("2 runs").doesNotContain("finished already");
        assertThat(column("changed", "slope")).hasSize(2).doesNotContainAnyElementsOf(before);

        List<Map<String, String>> once = figures("changed");
        Result again = launcher.run(
                Stream.concat(Arrays.stream(command), Stream.of("--again")).toArray(String[]::new));
        assertThat(again.err()).contains("cell 1 of 2", "cell 2 of 2").doesNotContain("finished already");
        assertThat(figures("changed")).isEqualTo(once);
    }

    /** The mean of two values is half their sum, its standard error half their distance. */
    @Test
    void a_comparison_that_was_killed_goes_on_with_what_is_missing() throws Exception {
        String[] command = {"compare", "tiny.yaml", "train.steps=150,160,170", "--seeds", "2", "--output", "killed"};
        Process process = start(command);
        awaitDone("killed", 1);
        process.destroyForcibly().waitFor();
        Map<Path, String> finished = texts(summaries("killed"));
        assertThat(finished).hasSizeBetween(2, 5);

        Result rest = launcher.run(command);
        assertThat(rest.code()).isZero();
        assertThat(rest.err()).contains("6 runs, " + finished.size() + " finished already");
        assertThat(texts(List.copyOf(finished.keySet()))).isEqualTo(finished);
        assertThat(summaries("killed")).hasSize(6);

        command[command.length - 1] = "whole";
        assertThat(launcher.run(command).code()).isZero();
        assertThat(figures("killed")).isEqualTo(figures("whole"));
        JsonObject cell = JsonParser.parseString(Files.readString(folder.resolve("whole/compare.json")))
                .getAsJsonObject()
                .getAsJsonArray("cells")
                .get(0)
                .getAsJsonObject();
        List<Double> slopes = new ArrayList<>();
        for (var run : cell.getAsJsonArray("runs")) {
            slopes.add(JsonParser.parseString(Files.readString(
                            folder.resolve("whole").resolve(run.getAsString()).resolve("summary.json")))
                    .getAsJsonObject()
                    .getAsJsonObject("scores")
                    .getAsJsonObject("slope")
                    .get("value")
                    .getAsDouble());
        }
        JsonObject slope = cell.getAsJsonObject("scores").getAsJsonObject("slope");
        assertThat(slope.get("value").getAsDouble()).isEqualTo((slopes.get(0) + slopes.get(1)) / 2);
        assertThat(slope.get("standardError").getAsDouble())
                .isCloseTo(
                        Math.abs(slopes.get(0) - slopes.get(1)) / 2,
                        org.assertj.core.api.Assertions.withinPercentage(1e-9));
    }

    /** By SIGTERM, which is handled as Ctrl-C is: a shell that starts the tests in the background has SIGINT ignored. */
    @Test
    void an_interrupt_stops_the_runs_under_way_and_says_how_to_go_on() throws Exception {
        Process process = start("compare", "tiny.yaml", "train.steps=41,1000000", "--output", "interrupted");
        awaitDone("interrupted", 1);
        Result beside = launcher.run("compare", "tiny.yaml", "--output", "interrupted");
        assertThat(beside.code()).isEqualTo(1);
        assertThat(beside.err()).contains("another comparison is at work in interrupted");
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("interrupted; 1 of 2 runs finished in interrupted; the same command goes on from there");
        assertThat(column("interrupted", "status")).containsExactly("done", "pending");
    }

    /** In training a gradient counts as three calls, and two Euler steps of which a quarter is new and each result is used twice as a quarter of a call. */
    @Test
    void presets_of_several_files_stand_side_by_side_with_what_each_had_reached_when() throws IOException {
        launcher.write("euler.yaml", """
                extends: tiny.yaml
                name: euler
                train: {solver: {type: euler, steps: 2}, pool: 0.25, recorruptions: 2, warmUp: 0, meanSteps: 0}
                """);
        Result result = launcher.run(
                "compare", "tiny.yaml", "euler.yaml", "train.steps=20", "train.checkpointEvery=10", "--output", "two");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("cell 2 of 2 (recipe=euler.yaml): ");
        assertThat(column("two", "recipe")).containsExactly("tiny.yaml", "euler.yaml");
        assertThat(Files.readString(folder.resolve("two/compare.html")))
                .contains("How soon", "distance to the truth, lower is better, against seconds of training");
        List<JsonObject> curves = new ArrayList<>();
        for (Path summary : summaries("two")) {
            JsonObject json = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
            assertThat(json.getAsJsonArray("curve")).hasSize(2);
            JsonObject last = json.getAsJsonArray("curve").get(1).getAsJsonObject();
            assertThat(last.get("networkCalls").getAsDouble())
                    .isCloseTo(
                            json.get("evaluationsPerItem").getAsDouble()
                                    * json.get("itemsSeen").getAsDouble(),
                            org.assertj.core.api.Assertions.withinPercentage(1e-9));
            assertThat(last.get("seconds").getAsDouble())
                    .isBetween(0.0, json.getAsJsonObject("seconds").get("train").getAsDouble());
            curves.add(last);
        }
        assertThat(curves)
                .extracting(last -> last.get("networkCalls").getAsDouble() / 20 / 64)
                .contains(3.25);
    }

    @Test
    void jars_of_others_take_part_by_name_and_a_failing_one_is_a_row_with_its_reason() throws IOException {
        launcher.write("Leap.java", """
                import dev.palimpsest.api.*;
                import org.nd4j.linalg.api.ndarray.INDArray;

                public record Leap() implements OdeSolver {
                    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
                        return new Solution(x.add(b.at(from, x).mul(to - from)), 1, true);
                    }
                    public int order() { return 1; }
                }
                """);
        launcher.write("Broken.java", """
                import dev.palimpsest.api.*;
                import org.nd4j.linalg.api.ndarray.INDArray;

                public record Broken() implements OdeSolver {
                    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
                        throw new IllegalStateException("no film left");
                    }
                    public int order() { return 1; }
                }
                """);
        launcher.write("Square.java", """
                import dev.palimpsest.api.*;

                public record Square() implements InterpolantSchedule {
                    public double alpha(double t) { return 1 - t * t; }
                    public double alphaDot(double t) { return -2 * t; }
                    public double beta(double t) { return t * t; }
                    public double betaDot(double t) { return 2 * t; }
                }
                """);
        Result compiled = launcher.shell("""
                set -e
                classpath=$("$palimpsest" classpath)
                pack() {
                    mkdir -p "$1/META-INF/services" jars
                    javac -proc:none -d "$1" -cp "$classpath" $2
                    for class in $2; do echo "${class%.java}"; done > "$1/META-INF/services/dev.palimpsest.api.$3"
                    jar --create --file "jars/$1.jar" -C "$1" .
                }
                pack solvers "Leap.java Broken.java" OdeSolver
                pack schedules Square.java InterpolantSchedule
                """);
        assertThat(compiled.code()).as(compiled.err()).isZero();

        Result compared = launcher.run(
                "compare",
                "tiny.yaml",
                "schedule=linear,square",
                "solver.type=midpoint,leap,broken",
                "train.solver.type=midpoint",
                "--plugins",
                "jars",
                "--output",
                "others");
        assertThat(compared.err())
                .doesNotContain("\tat ")
                .contains("cell 3 of 6 (schedule=linear solver.type=broken) failed: ");
        assertThat(compared.code()).isZero();
        assertThat(column("others", "status")).containsExactly("done", "done", "failed", "done", "done", "failed");
        assertThat(column("others", "reason").get(2))
                .contains("broken", "no film left", "trying the solver on a Gaussian");
        assertThat(column("others", "steps")).containsExactly("40.0", "40.0", "", "40.0", "40.0", "");
        assertThat(column("others", "restoringCalls").get(1)).isEqualTo("1.0");
        assertThat(column("others", "slope").get(3))
                .as("trained with the schedule of others")
                .isNotEmpty()
                .isNotEqualTo(column("others", "slope").get(0));

        Result again = launcher.run(
                "compare", "tiny.yaml", "solver.type=broken", "--plugins", "jars", "--output", "all-failed");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("failed: ", "no film left");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    tiny.yaml solver.steps=4,,8 train.batch=1,2     | 1 | solver.steps: value 2 of 3 is empty
                    tiny.yaml solver.steps=4,8 solver.steps=16      | 1 | solver.steps: is given twice
                    tiny.yaml solver.type=euler,midpont             | 1 | did you mean "midpoint"
                    tiny.yaml solver.steps=4,8 train.batch          | 1 | train.batch
                    tiny.yaml gone.yaml                             | 1 | gone.yaml
                    tiny.yaml solver.steps=4,8 --drift runs/tiny/1 --seeds 3 | 1 | --drift goes with one seed only
                    tiny.yaml solver.steps=4,8 --seeds none         | 1 | --seeds: expected a whole number
                    """)
    void a_hostile_grid_is_one_clear_error_and_leaves_nothing(String arguments, int lines, String told) {
        Result result =
                launcher.run(Stream.concat(Stream.of("compare", "--output", "nothing"), Stream.of(arguments.split(" ")))
                        .toArray(String[]::new));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(told).doesNotContain("\tat ");
        assertThat(result.err().lines()).hasSize(lines);
        assertThat(folder.resolve("nothing")).doesNotExist();
    }
}
