package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileRecipeIT {
    private static final String GOOD = """
            data: {type: two-moons, count: 100, holdOut: 10}
            forward: {type: gaussian-noise, sigma: 0.5}
            drift: {type: mlp, widths: [8]}
            train: {steps: 1, batch: 8}
            """;

    @TempDir
    Path folder;

    private static Arguments replaced(String what, String text, String by) {
        return Arguments.of(what, GOOD.replace(text, by));
    }

    static Stream<Arguments> recipes() {
        return Stream.of(
                replaced("misspelt key", "sigma", "sigm"),
                replaced("misspelt section", "drift:", "drfit:"),
                replaced("misspelt type", "two-moons", "two-mons"),
                replaced("duplicate key", "sigma: 0.5", "sigma: 0.5, sigma: 0.6"),
                replaced("duplicate section", "drift:", "data: {type: two-moons}\ndrift:"),
                replaced("java tag", "0.5", "!!javax.script.ScriptEngineManager []"),
                replaced("own tag", "0.5", "!pickle 1"),
                Arguments.of(
                        "alias bomb", "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"),
                Arguments.of("depth 3000", "data: " + "[".repeat(3000) + "]".repeat(3000)),
                Arguments.of("binary", "\u0000\u0001\u0002PK\u0003\u0004"),
                replaced("not a number", "0.5", ".nan"),
                replaced("infinity", "0.5", ".inf"),
                replaced("overflow of a whole number", "steps: 1", "steps: 99999999999"),
                replaced("overflow of a number", "0.5", "1e999"),
                replaced("null", "sigma: 0.5", "sigma: null"),
                replaced("no value", "sigma: 0.5", "sigma: "),
                replaced("tab", "train: {", "train:\n\t{"),
                Arguments.of("empty", ""),
                Arguments.of("list", "- data\n- forward\n"),
                replaced("negative", "0.5", "-2.0"),
                replaced("text for a number", "0.5", "large"),
                replaced("a list for a number", "0.5", "[0.5]"),
                replaced("unclosed brace", "sigma: 0.5}", "sigma: 0.5"),
                Arguments.of("two documents", GOOD + "---\n" + GOOD),
                replaced("missing section", "forward: {type: gaussian-noise, sigma: 0.5}\n", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void a_hostile_recipe_ends_with_2_a_position_no_stack_trace_and_no_run_folder(String what, String text)
            throws IOException {
        Launcher launcher = Launcher.brief(folder);
        Files.writeString(folder.resolve("hostile.yaml"), text);
        Result run = launcher.run("run", "hostile.yaml");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .matches("(?s)(hostile\\.yaml:\\d+:\\d+: [^\n]+\n)+")
                .doesNotContain("Exception", "\tat ");
        assertThat(run.out()).isEmpty();
        assertThat(folder.resolve("runs")).doesNotExist();
    }
}
