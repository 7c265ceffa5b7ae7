package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.RandomStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AlarmsIT {
    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void a_small_recipe() {
        launcher = Launcher.brief(folder);
        launcher.write("small.yaml", """
                seed: 3
                data: {type: gaussian, mean: [1.0, 1.0], covariance: [[1.0, 0.8], [0.8, 1.0]], count: 6000, holdOut: 1000}
                forward: {type: gaussian-noise, sigma: 0.5}
                drift: {type: mlp, widths: [32]}
                train: {steps: 60, batch: 64, recorruptions: 1, checkpointEvery: 20}
                evaluate: {metrics: [observation-energy]}
                """);
    }

    private String warnings(Result run) throws IOException {
        Path summary = folder.resolve(run.lastLine()).resolve("summary.json");
        return JsonParser.parseString(Files.readString(summary))
                .getAsJsonObject()
                .getAsJsonArray("warnings")
                .toString();
    }

    @Test
    void a_solver_that_loses_is_told_on_the_terminal_and_in_the_summary_with_one_that_would_not() throws IOException {
        Result run =
                launcher.run("run", "small.yaml", "forward.sigma=2", "solver={type: euler, steps: 16, refinement: 1}");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: the solver deletes detail", "type: midpoint");
        assertThat(warnings(run)).contains("the solver deletes detail");
        assertThat(folder.resolve(run.lastLine()).resolve("report.html"))
                .content()
                .contains("the solver deletes detail", "Checkpoints");
    }

    @Test
    void a_negative_gain_with_a_mean_is_told_before_training() throws IOException {
        Result run = launcher.run("run", "small.yaml", "forward={type: linear, gain: -1, noise: 0.5}");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("the mean diverges");
        assertThat(run.err().indexOf("the mean diverges")).isLessThan(run.err().indexOf("training: "));
        assertThat(warnings(run)).contains("the mean diverges");
    }

    @Test
    void one_mask_for_all_is_told_to_be_not_recoverable() throws IOException {
        launcher.write("OneMask.java", """
                import dev.palimpsest.api.*;
                import java.util.Optional;
                import java.util.random.RandomGenerator;
                import org.nd4j.linalg.api.ndarray.INDArray;
                import org.nd4j.linalg.factory.Nd4j;

                public record OneMask() implements ForwardModel {
                    public Observations apply(INDArray x, RandomGenerator rng) {
                        INDArray mask = Nd4j.createFromArray(new float[] {1, 0});
                        INDArray filler = Samples.gaussian(rng, x.shape()).muliRowVector(mask.rsub(1));
                        return new Observations(
                                x.mulRowVector(mask).addi(filler),
                                Optional.of(Nd4j.ones(x.size(0), 1).mmul(mask.reshape(1, 2))));
                    }
                }
                """);
        Result compiled = launcher.shell("""
                set -e
                mkdir -p classes/META-INF/services jars
                javac -proc:none -d classes -cp "$("$palimpsest" classpath)" OneMask.java
                echo OneMask > classes/META-INF/services/dev.palimpsest.api.ForwardModel
                jar --create --file jars/one-mask.jar -C classes .
                """);
        assertThat(compiled.code()).as(compiled.err()).isZero();
        Result run = launcher.run(
                "run",
                "small.yaml",
                "forward={type: one-mask}",
                "evaluate.metrics=[moments, observation-energy]",
                "--plugins",
                "jars");
        assertThat(run.code()).as(run.err()).isZero();
        double correlation = JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject()
                .getAsJsonObject("scores")
                .getAsJsonObject("correlation")
                .get("value")
                .getAsDouble();
        // the law is that of independent coordinates: the standard error of 1000 items is 1/sqrt(1000) = .032
        assertThat(correlation).isBetween(-4 * .032, 4 * .032);
        assertThat(warnings(run)).contains("destroys 1 of 2 directions", "same in all observations", "not recoverable");
    }

    @Test
    void a_good_recipe_has_no_warning_about_what_it_is() throws IOException {
        Result run = launcher.run("run", "small.yaml");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(warnings(run))
                .doesNotContain("solver deletes", "destroys", "diverges", "conditioning", "noise of the observations");
    }

    @Test
    void training_stops_early_where_nothing_is_left_to_learn_and_says_so() throws IOException {
        Result run = launcher.run(
                "run",
                "small.yaml",
                "forward.sigma=0.01",
                "train.steps=400",
                "train.select=observation-energy",
                "train.stopAfter=3");
        assertThat(run.code()).as(run.err()).isZero();
        var summary = JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject();
        int steps = summary.get("steps").getAsInt();
        assertThat(steps).isLessThan(400);
        assertThat(run.err()).contains("warning: checkpoints cannot be judged");
        assertThat(run.err()).contains("stopped early at step " + steps + ": 3 checkpoints in a row");
        assertThat(summary.getAsJsonArray("checkpoints"))
                .extracting(choice -> choice.getAsJsonObject().get("by").getAsString())
                .containsExactly("observation energy", "loss", "truth");
    }

    /** Images of 6 x 6 cosines of variance 1e-5 f^-3.5: at higher frequencies, most of the 256, there is nothing but noise, which a blur of 1 hides from the loop. */
    private static INDArray smooth(int items) {
        int side = 16;
        RandomGenerator rng = new RandomStreams(9).stream("smooth", 0);
        float[] values = new float[items * side * side];
        for (int item = 0; item < items; item++) {
            for (int mode = 1; mode < 36; mode++) {
                int k = mode / 6;
                int l = mode % 6;
                double f = Math.hypot(k, l) / (2 * side);
                double c = rng.nextGaussian()
                        * Math.sqrt(1e-5 * Math.pow(f, -3.5))
                        * (k * l == 0 ? Math.sqrt(2) : 2)
                        / side;
                for (int i = 0; i < side * side; i++) {
                    values[item * side * side + i] += (float) (c
                            * Math.cos(Math.PI * k * (i / side + .5) / side)
                            * Math.cos(Math.PI * l * (i % side + .5) / side));
                }
            }
        }
        return Nd4j.createFromArray(values).reshape('c', items, 1, side, side);
    }

    @Test
    void noise_that_a_blur_hides_from_the_loop_is_told_band_by_band() throws IOException {
        Npy.write(folder.resolve("smooth.npy"), smooth(700));
        launcher.write("blur.yaml", """
                seed: 4
                data: {type: npy, path: smooth.npy, holdOut: 200}
                forward: {type: gaussian-blur, sigma: 1, noise: 0.1}
                drift: {type: mlp, widths: [64]}
                train: {steps: 60, batch: 32, warmUp: 20, teacher: 0.5, pool: 1}
                evaluate: {metrics: [observation-energy]}
                """);
        Result run = launcher.run("run", "blur.yaml", "train.guess=false", "train.meanSteps=0");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: noise of the observations is left in what is restored", "20 at most");
        JsonArray bands = JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject()
                .getAsJsonArray("bands");
        assertThat(bands).hasSize(10);
        JsonObject highest = bands.get(9).getAsJsonObject();
        assertThat(highest.get("noise").getAsDouble())
                .as("42 modes, 200 items: 1.5 %% of .01")
                .isCloseTo(.01, within(.0006));
        assertThat(highest.get("initial").getAsDouble()).isGreaterThan(.5);
        assertThat(folder.resolve(run.lastLine()).resolve("report.html"))
                .content()
                .contains("<h2>In each band</h2>", "over 0.50");

        for (List<String> otherwise : List.of(
                List.of("train.guess=false", "train.meanSteps=0", "--drift", run.lastLine()),
                List.of("train.guess=false"),
                List.<String>of())) {
            Result again = launcher.run(Stream.concat(Stream.of("run", "blur.yaml"), otherwise.stream())
                    .toArray(String[]::new));
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(warnings(again)).as(otherwise.toString()).doesNotContain("noise of the observations");
        }
    }

    @Test
    void the_bias_of_solvers_is_a_table_in_seconds() {
        Result bias = launcher.run(
                "bias",
                "small.yaml",
                "solver={type: euler, steps: 16, refinement: 1},{type: midpoint, steps: 8, refinement: 1}");
        assertThat(bias.code()).as(bias.err()).isZero();
        assertThat(bias.out()).containsPattern("y is 1.000 x \\+ noise of 0.(49|50)");
        // the published fixed points of Euler 16 and midpoint 8 at sigma / s = .5, 1, 2, 3, 5
        assertThat(bias.out()
                        .lines()
                        .filter(line -> line.contains("euler"))
                        .findFirst()
                        .orElseThrow())
                .matches(".* 16 +0\\.991\\d +0\\.957\\d +0\\.0000 +0\\.0000 +0\\.0000 .*");
        assertThat(bias.out()
                        .lines()
                        .filter(line -> line.contains("midpoint"))
                        .findFirst()
                        .orElseThrow())
                .matches(".* 16 +1\\.0000 +(0\\.999|1\\.000)\\d +0\\.999\\d +0\\.99[34]\\d +0\\.88\\d\\d .*");
    }
}
