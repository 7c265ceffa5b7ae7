package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentIT {
    @TempDir
    Path folder;

    @Test
    void every_choice_is_a_line_with_its_reason() {
        Result environment =
                Launcher.in(folder).shell("env -u OMP_WAIT_POLICY GOMP_SPINCOUNT=77 \"$palimpsest\" environment");
        assertThat(environment.code()).as(environment.err()).isZero();
        assertThat(environment.out().lines())
                .anyMatch(line -> line.matches("processor +.+ \\(\\d+ processors can be used\\)"))
                .anyMatch(line -> line.matches("ND4J binary +\\S+ \\(picked for .+ on .+\\)"))
                .anyMatch(line -> line.matches("OMP_WAIT_POLICY +PASSIVE \\(set by the launcher\\)"))
                .anyMatch(line -> line.matches("GOMP_SPINCOUNT +77 \\(set by the user\\)"));
    }

    @Test
    void the_same_facts_are_one_json_object_and_what_the_user_has_chosen_shows() {
        JsonObject facts = facts(
                "OMP_NUM_THREADS=1 OPENBLAS_CORETYPE=Prescott PALIMPSEST_JAVA_OPTS='-Xmx300m -Dpalimpsest.fused=false'");
        assertThat(facts.keySet())
                .contains(
                        "palimpsest",
                        "vector extensions",
                        "java",
                        "ND4J binary",
                        "device",
                        "memory",
                        "arrays, at most");
        assertThat(value(facts, "device")).isEqualTo("CPU");
        assertThat(value(facts, "threads")).isEqualTo("1 of ND4J");
        assertThat(why(facts, "threads")).isEqualTo("by OMP_NUM_THREADS");
        assertThat(value(facts, "BLAS")).contains("OPENBLAS", "Prescott");
        assertThat(why(facts, "BLAS")).isEqualTo("by OPENBLAS_CORETYPE");
        assertThat(value(facts, "fused kernels")).isEqualTo("off");
        // the JVM leaves out the part that its collector keeps free to copy to, at most a tenth
        assertThat(Integer.parseInt(value(facts, "java heap, at most").replace(" MB", "")))
                .isBetween(270, 302);
        assertThat(why(facts, "java heap, at most")).isEqualTo("by PALIMPSEST_JAVA_OPTS");
    }

    @Test
    void fused_kernels_are_on_unless_they_are_switched_off() {
        assertThat(value(facts(""), "fused kernels")).isEqualTo("on");
    }

    private JsonObject facts(String variables) {
        Result environment = Launcher.in(folder).shell(variables + " \"$palimpsest\" environment --json");
        assertThat(environment.code()).as(environment.err()).isZero();
        return JsonParser.parseString(environment.out()).getAsJsonObject();
    }

    private static String value(JsonObject facts, String name) {
        return facts.getAsJsonObject(name).get("value").getAsString();
    }

    private static String why(JsonObject facts, String name) {
        return facts.getAsJsonObject(name).get("why").getAsString();
    }
}
