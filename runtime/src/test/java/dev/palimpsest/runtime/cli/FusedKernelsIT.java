package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusedKernelsIT {
    private static final String SWITCHED_OFF = "PALIMPSEST_JAVA_OPTS=-Dpalimpsest.fused=false \"$palimpsest\" ";

    @TempDir
    Path folder;

    @Test
    void the_quickstart_passes_its_check_without_them() {
        Result check = Launcher.in(folder)
                .shell(SWITCHED_OFF + "check '" + Launcher.HOME.resolve("recipes/quickstart.yaml") + "' train.batch=4");
        assertThat(check.code()).as(check.err()).isZero();
    }

    @Test
    void a_run_without_them_says_so_in_its_environment() throws IOException {
        Launcher launcher = Launcher.in(folder);
        launcher.write("tiny.yaml", """
                name: tiny
                data: {type: two-moons, count: 20, holdOut: 8}
                forward: {type: gaussian-noise, sigma: 0.5}
                schedule: linear
                drift: {type: mlp, widths: [4]}
                solver: midpoint
                train: {steps: 3, batch: 4}
                evaluate: {metrics: [moments]}
                """);
        Result run = launcher.shell(SWITCHED_OFF + "run tiny.yaml");
        assertThat(run.code()).as(run.err()).isZero();
        String environment = Files.readString(folder.resolve(run.lastLine()).resolve("environment.json"));
        assertThat(JsonParser.parseString(environment)
                        .getAsJsonObject()
                        .get("javaOptions")
                        .getAsString())
                .contains("-Dpalimpsest.fused=false");
    }
}
