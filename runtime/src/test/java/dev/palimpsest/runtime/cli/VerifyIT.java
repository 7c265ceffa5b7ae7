package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyIT {
    private static final String NOISE = Launcher.HOME
            .resolve("plugins/noise/target/palimpsest-noise-0.1.0.jar")
            .toString();

    @TempDir
    Path folder;

    /** Compiles and packs a forward model called shift, whose apply ends in a statement. */
    private void pack(String statement) {
        Launcher launcher = Launcher.brief(folder);
        launcher.write("Shift.java", """
                import dev.palimpsest.api.*;
                import java.util.random.RandomGenerator;
                import org.nd4j.linalg.api.ndarray.INDArray;

                public record Shift(double size) implements ForwardModel {
                    public Shift() { this(0.5); }
                    public Shift { Ranges.check(Shift.class, size); }
                    public Observations apply(INDArray x, RandomGenerator rng) {
                        %s
                    }
                }
                """.formatted(statement));
        Result packed = launcher.shell("""
                set -e
                mkdir -p classes/META-INF/services
                javac -proc:none -d classes -cp "$("$palimpsest" classpath)" Shift.java
                echo Shift > classes/META-INF/services/dev.palimpsest.api.ForwardModel
                jar --create --file shift.jar -C classes .
                """);
        assertThat(packed.code()).as(packed.err()).isZero();
    }

    @Test
    void a_plugin_that_keeps_its_promises_is_told_so() {
        Result verified = Launcher.brief(folder).run("verify", NOISE, "gaussian-noise.sigma=2");
        assertThat(verified.err()).isEmpty();
        assertThat(verified.code()).isZero();
        assertThat(verified.out())
                .contains("palimpsest-noise 0.1.0", "requires API 0.1.0, this is 0.1.0")
                .containsPattern("sha256 [0-9a-f]{64}")
                .containsPattern("  ok +poisson-noise +y is finite\n")
                .endsWith("all 84 checks hold\n");
    }

    @Test
    void a_broken_promise_is_a_row_of_the_table_and_exit_code_3() {
        pack("x.addi(rng.nextGaussian() * size); return Observations.of(x.dup());");
        Result verified = Launcher.brief(folder).run("verify", "shift.jar");
        assertThat(verified.code()).isEqualTo(3);
        assertThat(verified.out())
                .containsPattern(
                        "  failed +shift +x is left as it was: items of shape \\[1, 28, 28\\]: apply modified its input by up to [0-9.]+: work on a copy, x.dup\\(\\)\n")
                .containsPattern(
                        "  failed +shift +each item of a batch gets a draw of its own: .*: draw anew for each item, not once for the batch\n")
                .containsPattern("  ok +shift +y has the shape of x\n");
    }

    @Test
    void a_jar_that_cannot_be_loaded_is_a_failure_in_one_sentence() {
        Launcher launcher = Launcher.brief(folder);
        launcher.write("bad.jar", "<html>404</html>");
        Result verified = launcher.run("verify", "bad.jar");
        assertThat(verified.code()).isEqualTo(3);
        assertThat(verified.out()).containsPattern("  failed +bad +it can be loaded: cannot be read as a JAR");
    }

    @Test
    void what_is_not_there_and_what_does_not_fit_are_usage_errors() {
        Launcher launcher = Launcher.brief(folder);
        Result missing = launcher.run("verify", "none.jar");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).isEqualTo("none.jar: expected the JAR of a plugin, but there is no such file\n");
        Result unknown = launcher.run("verify", NOISE, "blur.sigma=1");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err())
                .contains("\"blur.sigma=1\": expected NAME.KEY=VALUE, where NAME is one of", "gaussian-noise");
        Result out = launcher.run("verify", NOISE, "gaussian-noise.sigma=-1", "gaussian-noise.mean=0");
        assertThat(out.code()).isEqualTo(2);
        assertThat(out.err()).contains("sigma must be at least 0, got -1", "unknown key \"mean\"");
    }
}
