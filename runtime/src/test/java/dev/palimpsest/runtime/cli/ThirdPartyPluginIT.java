package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThirdPartyPluginIT {
    private static final String COMPILE_AND_PACK = """
            set -e
            mkdir -p classes/META-INF/services jars
            javac -d classes -cp "$("$palimpsest" classpath)" Stamp.java
            echo Stamp > classes/META-INF/services/dev.palimpsest.api.ForwardModel
            jar --create --file jars/stamp.jar -C classes .
            """;

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void a_recipe_that_uses_it() {
        launcher = Launcher.brief(folder);
        launcher.write("stamp.yaml", """
                data: {type: two-moons, count: 200, holdOut: 50}
                forward: {type: stamp}
                drift: {type: mlp, widths: [16]}
                train: {steps: 5, batch: 32, recorruptions: 1}
                evaluate: {metrics: [sliced-wasserstein]}
                """);
    }

    private void compile(String body) {
        launcher.write("Stamp.java", """
                import dev.palimpsest.api.*;
                import java.util.random.RandomGenerator;
                import org.nd4j.linalg.api.ndarray.INDArray;

                public record Stamp(double size) implements ForwardModel {
                    static int calls;
                    public Stamp() { this(0.5); }
                    public Observations apply(INDArray x, RandomGenerator rng) {
                        calls++;
                        %s
                    }
                }
                """.formatted(body));
        Result compiled = launcher.shell(COMPILE_AND_PACK);
        assertThat(compiled.code()).as(compiled.err()).isZero();
    }

    @Test
    void one_java_file_and_a_plain_jar_are_a_plugin() {
        compile("return Observations.of(x.add(Samples.gaussian(rng, x.shape()).muli(size)));");
        Result plugins = launcher.run("plugins", "--plugins", "jars");
        assertThat(plugins.code()).isZero();
        assertThat(plugins.out()).contains("stamp.jar", "stamp");
        Result run = launcher.run("run", "stamp.yaml", "--plugins", "jars", "forward.size=0.3");
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.code()).isZero();
    }

    @Test
    void a_jar_that_was_swapped_is_refused_under_the_lock_of_an_earlier_run() {
        compile("return Observations.of(x.add(Samples.gaussian(rng, x.shape()).muli(size)));");
        Path run = folder.resolve(
                launcher.run("run", "stamp.yaml", "--plugins", "jars").lastLine());
        String lock = run.resolve("plugins.lock").toString();
        assertThat(launcher.run("check", "stamp.yaml", "--plugins", "jars", "--locked", lock)
                        .code())
                .isZero();
        compile("return Observations.of(x.add(Samples.gaussian(rng, x.shape()).muli(2 * size)));");
        Result swapped = launcher.run("check", "stamp.yaml", "--plugins", "jars", "--locked", lock);
        assertThat(swapped.code()).isBetween(2, 3);
        assertThat(swapped.err()).contains("stamp.jar");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    return Observations.of(x.dup().putScalar(0, Double.NaN));                   | NaN
                    return Observations.of(x.reshape(x.size(1), x.size(0)));                    | shape
                    return null;                                                                | null
                    throw new IllegalStateException("no film left");                            | no film left
                    x.addi(1); return Observations.of(x.dup());                                 | modified its input
                    """)
    void what_a_bad_forward_model_returns_is_named_and_leaves_no_run_folder(String body, String named) {
        compile(body);
        Result run = launcher.run("run", "stamp.yaml", "--plugins", "jars");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err())
                .contains("stamp", named, "in simulating the observations")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("runs/stamp/1")).doesNotExist();
    }

    @Test
    void a_forward_model_that_fails_later_is_named_with_its_step() {
        compile("return Observations.of(calls == 38 ? x.dup().putScalar(0, Double.NaN) : x.add(1));");
        Result run = launcher.run("run", "stamp.yaml", "--plugins", "jars");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("stamp", "NaN", "training step ");
        assertThat(folder.resolve("runs/stamp/1/summary.json")).doesNotExist();
    }
}
