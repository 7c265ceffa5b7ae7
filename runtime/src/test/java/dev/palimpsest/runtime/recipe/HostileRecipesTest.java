package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import dev.palimpsest.runtime.plugin.Extension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class HostileRecipesTest {
    private static final String ELSEWHERE =
            "; more come with --plugins DIR (the contributed ones with --plugins plugins-contrib)";

    /** Three lines that need no others. */
    private static final String ENOUGH = "data: gaussian\nforward: random-mask\ndrift: still\n";

    @TempDir
    Path temporary;

    static Stream<Arguments> hostile() {
        return Stream.of(
                added("a misspelt key", "sed: 1", "4:1: unknown key \"sed\"; did you mean \"seed\"?"),
                added(
                        "a key like no other",
                        "wavelength: 1",
                        "4:1: unknown key \"wavelength\"; it can be: name, seed, data, forward, schedule, drift, solver, train,"
                                + " evaluate, extends"),
                added(
                        "the same metric twice",
                        "evaluate: {metrics: [psnr, {type: sliced-wasserstein, projections: 2}, {type: sliced-wasserstein, projections: 3}]}",
                        "4:21: metrics must have scores of different names, but numbers 2 and 3 are both SlicedWasserstein;"
                                + " leave one of them out"),
                added("a misspelt extends", "extend: a.yaml", "4:1: unknown key \"extend\"; did you mean \"extends\"?"),
                added(
                        "a misspelt key in flow style",
                        "solver: {type: midpoint, stpes: 3}",
                        "4:26: unknown key \"stpes\"; did you mean \"steps\"?"),
                added(
                        "a key of another spelling",
                        "train: {refresh-every: 2}",
                        "4:9: unknown key \"refresh-every\"; did you mean \"refreshEvery\"?"),
                added(
                        "a duplicate key",
                        "seed: 1\nseed: 2",
                        "5:1: duplicate key \"seed\", first given in line 4, column 1"),
                added(
                        "a duplicate key in flow style",
                        "train: {steps: 2, steps: 3}",
                        "4:19: duplicate key \"steps\", first given in line 4, column 9"),
                added("a list for a number", "seed: [1]", "4:7: seed: expected a whole number, got a list"),
                added("keys for a number", "seed: {a: 1}", "4:7: seed: expected a whole number, got keys and values"),
                added("text for a number", "seed: one", "4:7: seed: expected a whole number, got \"one\""),
                added(
                        "quotes around a number",
                        "seed: \"1\"",
                        "4:7: seed: expected a whole number, got \"1\" in quotes"),
                added("a fraction", "seed: 1.5", "4:7: seed: expected a whole number, got \"1.5\""),
                added("a hexadecimal number", "seed: 0x10", "4:7: seed: expected a whole number, got \"0x10\""),
                added("a sexagesimal number", "seed: 1:30", "4:7: seed: expected a whole number, got \"1:30\""),
                added("a grouped number", "seed: 1_000", "4:7: seed: expected a whole number, got \"1_000\""),
                added("a date", "seed: 2020-01-01", "4:7: seed: expected a whole number, got \"2020-01-01\""),
                added(
                        "an int that overflows",
                        "train: {steps: 99999999999}",
                        "4:16: steps: expected a whole number from -2147483648 to 2147483647, got \"99999999999\""),
                added(
                        "a long that overflows",
                        "seed: 9223372036854775808",
                        "4:7: seed: expected a whole number from -9223372036854775808 to 9223372036854775807, got"
                                + " \"9223372036854775808\""),
                added(
                        "a double that overflows",
                        "train: {clip: 1e999}",
                        "4:15: clip: expected a number of at most 1.7976931348623157E308, got \"1e999\""),
                added(
                        "a float that overflows",
                        "schedule: {type: latent, gamma: -.inf}",
                        "4:33: gamma: expected a finite number, got \"-.inf\""),
                added("not a number", "train: {clip: .nan}", "4:15: clip: expected a finite number, got \".nan\""),
                added("Java's NaN", "train: {clip: NaN}", "4:15: clip: expected a finite number, got \"NaN\""),
                added("Java's suffix", "train: {clip: 1f}", "4:15: clip: expected a finite number, got \"1f\""),
                added("null", "seed: null", "4:7: seed has no value"),
                added("a tilde", "solver: ~", "4:9: solver has no value"),
                added("nothing after the colon", "seed:", "4:6: seed has no value"),
                added("null in a list", "evaluate: {metrics: [psnr, ~]}", "4:28: metrics has no value"),
                added("a scalar for a section", "train: 3", "4:8: train: expected keys and values, got \"3\""),
                added("a list for a section", "train: []", "4:8: train: expected keys and values, got a list"),
                added(
                        "a scalar for a list",
                        "evaluate: {metrics: psnr}",
                        "4:21: metrics: expected a list, got \"psnr\""),
                added(
                        "a list for an extension",
                        "solver: [euler]",
                        "4:9: solver: expected {type: ..., ...} or the name of a type, got a list"),
                added(
                        "an unknown type",
                        "solver: midpint",
                        "4:9: unknown type \"midpint\"; did you mean \"midpoint\"?"),
                added(
                        "a type like no other",
                        "solver: {type: leapfrog, steps: 3}",
                        "4:16: unknown type \"leapfrog\"; it can be: euler, midpoint" + ELSEWHERE),
                added("a type that is a list", "solver: {type: [euler]}", "4:16: type: expected text, got a list"),
                added("a type without a value", "solver: {type: }", "4:15: type has no value"),
                added(
                        "a list element without type",
                        "evaluate: {metrics: [{projections: 3}]}",
                        "4:22: missing key \"type\"; it can be: psnr, ssim, sliced-wasserstein, energy-distance, moments,"
                                + " observation-energy"),
                added(
                        "a misspelt choice",
                        "train: {select: observation_energy}",
                        "4:17: select: expected one of observation-energy, last, got \"observation_energy\"; did you mean"
                                + " \"observation-energy\"?"),
                added("a value below its range", "train: {batch: 0}", "4:16: batch must be at least 1, got 0"),
                added(
                        "keys that do not agree",
                        "train: {recorruptions: 3, batch: 64}",
                        "4:34: batch must be a multiple of recorruptions (3), got 64"),
                added(
                        "a key that does not agree with a default",
                        "train: {recorruptions: 3}",
                        "4:8: batch must be a multiple of recorruptions (3), got 64"),
                added(
                        "a name that is no name",
                        "name: ../up",
                        "4:7: name must be 1 to 100 letters, digits, '.', '-' and '_', starting with a letter or digit, got"
                                + " \"../up\""),
                added(
                        "a class to be constructed",
                        "seed: !!javax.script.ScriptEngineManager [1]",
                        "4:7: tags (\"tag:yaml.org,2002:javax.script.ScriptEngineManager\") are not supported; types follow"
                                + " from the keys",
                        "4:7: seed: expected a whole number, got a list"),
                added(
                        "a tag of YAML's",
                        "seed: !!int 3",
                        "4:7: tags (\"tag:yaml.org,2002:int\") are not supported; types follow from the keys"),
                added(
                        "a local tag",
                        "solver: !fast euler",
                        "4:9: tags (\"!fast\") are not supported; types follow from the keys"),
                added(
                        "the tag that says nothing",
                        "seed: ! 3",
                        "4:7: tags (\"!\") are not supported; types follow from the keys"),
                added("an anchor", "seed: &a 3", "4:7: anchors (&a) are not supported; write the value out"),
                added("an alias", "seed: *a", "4:7: aliases (*a) are not supported; write the value out"),
                added(
                        "a merge key",
                        "train: {<<: {steps: 3}}",
                        "4:9: merge keys (<<) are not supported; write the keys out, or use extends"),
                added("a list as key", "? [a]\n: 1", "4:3: expected a name as key, got a list"),
                added(
                        "a type of the whole recipe",
                        "type: fast",
                        "4:1: unknown key \"type\"; it can be: name, seed, data, forward, schedule, drift, solver, train, evaluate,"
                                + " extends"),
                added("null as key", "~: 1", "4:1: expected a name as key, got nothing"),
                added(
                        "a number as key",
                        "1: 1",
                        "4:1: unknown key \"1\"; it can be: name, seed, data, forward, schedule, drift, solver, train, evaluate, extends"),
                added(
                        "a tab as indentation",
                        "train:\n\tsteps: 3",
                        "5:1: this is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation) (while scanning for the next token)"),
                added(
                        "a bracket that is not closed",
                        "train: {steps: 3",
                        "5:1: this is not YAML: expected ',' or '}', but got <stream end> (while parsing a flow mapping)"),
                added("a colon too many", "name: a: b", "4:8: this is not YAML: mapping values are not allowed here"),
                added(
                        "a list among keys",
                        "- a",
                        "4:1: this is not YAML: expected <block end>, but found '-' (while parsing a block mapping)"),
                added(
                        "a quote that is not closed",
                        "name: \"a",
                        "5:1: this is not YAML: found unexpected end of stream (while scanning a quoted scalar)"),
                added(
                        "an escape that is none",
                        "name: \"\\q\"",
                        "4:9: this is not YAML: found unknown escape character q(113) (while scanning a double-quoted scalar)"),
                added(
                        "a second document",
                        "---\nseed: 1",
                        "4:1: a second document starts here; expected one document in the file"),
                added(
                        "a control character",
                        "name: a\u0007b",
                        "4:8: expected printable text, got the character U+0007"),
                added("a NUL", "name: \u0000", "4:7: expected printable text, got the character U+0000"),
                added(
                        "a key that is a novel",
                        "k".repeat(500) + ": 1",
                        "4:1: unknown key \"" + "k".repeat(60)
                                + "...\"; it can be: name, seed, data, forward, schedule, drift, solver, train, evaluate, extends"),
                added(
                        "an escape beyond Unicode",
                        "name: \"\\UFFFFFFFF\"",
                        "4:1: this is not YAML: For input string: \"FFFFFFFF\" under radix 16"),
                added(
                        "a tag with a broken escape",
                        "name: !a%zz b",
                        "4:10: this is not YAML: expected URI escape sequence of 2 hexadecimal numbers, but found z(122) and z(122) (while scanning a tag)"),
                arguments(
                        "a YAML version beyond numbers",
                        "%YAML 99999999999.1\n---\nseed: 1\n",
                        List.of(
                                "recipe.yaml:1:18: this is not YAML: found a number which cannot represent a valid version: 99999999999 (while scanning a YAML directive)")),
                arguments(
                        "YAML 2",
                        "%YAML 2.0\n---\nseed: 1\n",
                        List.of(
                                "recipe.yaml:1:1: this is not YAML: found incompatible YAML document (version 1.* is required)")),
                arguments(
                        "an empty file",
                        "",
                        List.of(
                                "recipe.yaml:1:1: the file is empty; expected keys and values such as \"name: first\"")),
                arguments(
                        "a file of comments",
                        "# a\n# b\n",
                        List.of(
                                "recipe.yaml:1:1: the file is empty; expected keys and values such as \"name: first\"")),
                arguments(
                        "a document of nothing",
                        "--- ~\n",
                        List.of(
                                "recipe.yaml:1:5: the file is empty; expected keys and values such as \"name: first\"")),
                arguments(
                        "a list",
                        "- seed: 1\n",
                        List.of("recipe.yaml:1:1: expected keys and values such as \"name: first\", got a list")),
                arguments(
                        "a word",
                        "quickstart\n",
                        List.of(
                                "recipe.yaml:1:1: expected keys and values such as \"name: first\", got \"quickstart\"")),
                arguments(
                        "depth 3000 in flow style",
                        "data: " + "[".repeat(3000) + "]".repeat(3000),
                        List.of("recipe.yaml:1:56: nested too deeply; expected at most 50 levels")),
                arguments(
                        "depth 3000 of mappings",
                        "{a: ".repeat(3000) + "1" + "}".repeat(3000),
                        List.of("recipe.yaml:1:198: nested too deeply; expected at most 50 levels")),
                arguments(
                        "depth 1000 in block style",
                        blocks(1000),
                        List.of("recipe.yaml:50:50: nested too deeply; expected at most 50 levels")),
                arguments(
                        "an alias bomb",
                        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
                        List.of("recipe.yaml:1:4: anchors (&a) are not supported; write the value out")),
                arguments(
                        "a line of a megabyte",
                        "name: " + "x".repeat(1 << 20),
                        List.of("recipe.yaml:1:1: the file is too large; a recipe has at most 1048576 bytes")),
                arguments(
                        "required keys that are missing",
                        "seed: 1\n",
                        List.of(
                                "recipe.yaml:1:1: missing key \"data\" (where the items come from)",
                                "recipe.yaml:1:1: missing key \"forward\" (the corruption)",
                                "recipe.yaml:1:1: missing key \"drift\" (the network that is trained)")),
                arguments(
                        "a path that is missing",
                        "data: {type: npy, limit: 3}\nforward: random-mask\ndrift: still\n",
                        List.of("recipe.yaml:1:7: missing key \"path\"")),
                arguments(
                        "an empty path",
                        "data: {type: npy, path: \"\"}\nforward: random-mask\ndrift: still\n",
                        List.of("recipe.yaml:1:25: path: expected a path, got empty text")),
                arguments(
                        "a path with a NUL",
                        "data: {type: npy, path: \"\\0\"}\nforward: random-mask\ndrift: still\n",
                        List.of("recipe.yaml:1:25: path: expected a path, got \"\\u0000\"")),
                arguments(
                        "a range broken within lists",
                        "data: gaussian\nforward: random-mask\ndrift: {type: still, multipliers: [1, 0]}\n",
                        List.of("recipe.yaml:3:35: multipliers must be at least 1, got 0")),
                arguments(
                        "nested lists of unequal kind",
                        "data: {type: gaussian, covariance: [[1], 2, [x]]}\nforward: random-mask\ndrift: still\n",
                        List.of(
                                "recipe.yaml:1:42: covariance: expected a list, got \"2\"",
                                "recipe.yaml:1:46: covariance: expected a finite number, got \"x\"")),
                forward(
                        "a constructor that refuses a key",
                        "{type: clamp, low: 3}",
                        "2:29: low must be below high (1.0), got 3.0"),
                forward(
                        "a constructor that refuses them all",
                        "{type: clamp, low: -9, high: 9}",
                        "2:10: the width must be at most 10, got 18.0"),
                forward(
                        "a constructor that fails",
                        "{type: divider, by: 0, of: 2}",
                        "2:10: Divider cannot be made of these values: java.lang.ArithmeticException: / by zero"),
                forward(
                        "an extension without defaults",
                        "divider",
                        "2:10: missing key \"by\"",
                        "2:10: missing key \"of\""),
                forward("yes for true", "{type: camera, clip: yes}", "2:31: clip: expected true or false, got \"yes\""),
                forward(
                        "a float beyond floats",
                        "{type: camera, gain: 1e39}",
                        "2:31: gain: expected a number of at most 3.4028234663852886E38, got \"1e39\""),
                forward("text that is a list", "{type: camera, label: [a]}", "2:32: label: expected text, got a list"),
                forward(
                        "an unknown type within an extension",
                        "{type: in-turn, parts: [clamp, {type: camra}], last: clmp}",
                        "2:48: unknown type \"camra\"; did you mean \"camera\"?",
                        "2:63: unknown type \"clmp\"; did you mean \"clamp\"?"),
                forward(
                        "an unknown key of a section within an extension",
                        "{type: camera, window: {form: 1}}",
                        "2:34: unknown key \"form\"; did you mean \"from\"?"));
    }

    private static Arguments added(String title, String lines, String... problems) {
        return arguments(title, ENOUGH + lines + "\n", inRecipe(problems));
    }

    private static Arguments forward(String title, String value, String... problems) {
        return arguments(title, "data: gaussian\nforward: " + value + "\ndrift: still\n", inRecipe(problems));
    }

    private static List<String> inRecipe(String... problems) {
        return Stream.of(problems).map(problem -> "recipe.yaml:" + problem).toList();
    }

    private static String blocks(int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void a_hostile_recipe_is_told_with_positions(String title, String text, List<String> problems) throws IOException {
        assertThat(new RecipeFolder(temporary).problems(text)).as(title).isEqualTo(problems);
    }

    @Test
    void all_problems_are_told_at_once_in_reading_order() throws IOException {
        assertThat(new RecipeFolder(temporary).problems("""
                                seed: x
                                data: {type: gauss}
                                forward: {type: random-mask, probability: 1.5, nois: 2, noise: -1}
                                solver: {type: euler, steps: 0}
                                solver: euler
                                train: {steps: [], batch: 0}
                                """, "solver.stps=3"))
                .containsExactly(
                        "recipe.yaml:1:1: missing key \"drift\" (the network that is trained)",
                        "recipe.yaml:1:7: seed: expected a whole number, got \"x\"",
                        "recipe.yaml:2:14: unknown type \"gauss\"; it can be: gaussian, npy",
                        "recipe.yaml:3:43: probability must be at least 0 and at most 1, got 1.5",
                        "recipe.yaml:3:48: unknown key \"nois\"; did you mean \"noise\"?",
                        "recipe.yaml:3:64: noise must be at least 0, got -1.0",
                        "recipe.yaml:4:30: steps must be at least 1, got 0",
                        "recipe.yaml:5:1: duplicate key \"solver\", first given in line 4, column 1",
                        "recipe.yaml:6:16: steps: expected a whole number, got a list",
                        "recipe.yaml:6:27: batch must be at least 1, got 0",
                        "command line: solver.stps: unknown key \"stps\"; did you mean \"steps\"?");
    }

    @Test
    void columns_count_characters_not_bytes() throws IOException {
        assertThat(new RecipeFolder(temporary).problems("# ünï\n{data: gaussian, \"\uD83D\uDE00ä\": 1}\n"))
                .contains(
                        "recipe.yaml:2:18: unknown key \"\uD83D\uDE00ä\"; it can be: name, seed, data, forward, schedule,"
                                + " drift, solver, train, evaluate, extends");
        assertThat(new RecipeFolder(temporary).problems("{\"\uD83D\uDE00ä\": 1, sed: 2}\n"))
                .contains("recipe.yaml:1:11: unknown key \"sed\"; did you mean \"seed\"?");
    }

    @Test
    void bytes_that_are_not_utf_8_are_told_with_their_position() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("seed: 1\r\nname: ä".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xE4);
        Files.write(temporary.resolve("latin.yaml"), bytes.toByteArray());
        Files.write(
                temporary.resolve("image.yaml"), new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0});
        RecipeFolder folder = new RecipeFolder(temporary);
        assertThat(folder.problemsOf("latin.yaml"))
                .containsExactly("latin.yaml:2:8: expected text in UTF-8, got the byte 0xE4");
        assertThat(folder.problemsOf("image.yaml"))
                .containsExactly("image.yaml:1:1: expected text in UTF-8, got the byte 0x89");
    }

    @Test
    void a_byte_order_mark_is_not_part_of_the_text() throws IOException {
        assertThat(new RecipeFolder(temporary).problems("\uFEFFsed: 1\n"))
                .contains("recipe.yaml:1:1: unknown key \"sed\"; did you mean \"seed\"?");
    }

    @Test
    void a_missing_file_is_told_with_the_nearest_name() throws IOException {
        RecipeFolder folder = new RecipeFolder(temporary);
        folder.write("quickstart.yaml", ENOUGH);
        assertThat(folder.problemsOf("quikstart.yaml"))
                .containsExactly(
                        "quikstart.yaml: there is no file \"quikstart.yaml\"; did you mean \"quickstart.yaml\"?");
        assertThat(folder.problemsOf("else.yaml")).containsExactly("else.yaml: there is no file \"else.yaml\"");
    }

    @Test
    void a_folder_is_no_recipe() throws IOException {
        Files.createDirectory(temporary.resolve("recipes"));
        assertThat(new RecipeFolder(temporary).problemsOf("recipes"))
                .containsExactly("recipes: \"recipes\" is a folder; expected a recipe file");
    }

    @Test
    void an_unknown_type_may_be_one_of_a_plugin_that_failed_to_load() throws IOException {
        Parts parts = new Parts(new Parts().all(), List.of("blur.jar needs Java 25"));
        Path file = new RecipeFolder(temporary).write("recipe.yaml", "forward: blur\ndata: gaussian\ndrift: still\n");
        assertThat(catchThrowable(() -> new RecipeReader(parts).read(file, List.of())))
                .hasMessage(file
                        + ":1:10: unknown type \"blur\"; it can be: random-mask, gaussian-noise, in-turn, camera, clamp, divider"
                        + ELSEWHERE
                        + " (a plugin failed to load: blur.jar needs Java 25)");
    }

    @Test
    void an_extension_that_is_no_record_is_a_problem() throws IOException {
        Parts parts = new Parts(List.of(new Extension<>(OdeSolver.class, "odd", NoRecord.class, "parts")), List.of());
        Path file = new RecipeFolder(temporary).write("recipe.yaml", "solver: odd\n");
        assertThat(catchThrowable(() -> new RecipeReader(parts).read(file, List.of())))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(
                        file + ":1:9: " + NoRecord.class.getName() + " is not a record, so that it has no keys");
    }

    static final class NoRecord implements OdeSolver {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            return new Solution(x, 0, from == to);
        }

        @Override
        public int order() {
            return 1;
        }
    }

    @Test
    void no_damage_to_a_recipe_brings_anything_but_a_recipe_exception() throws IOException {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        byte[] good = RecipeReaderTest.GOOD.getBytes(StandardCharsets.UTF_8);
        byte[] yaml = ":-?,[]{}#&*!|>'\"%@`\\~<=. \t\n\r\0x019e\u007f".getBytes(StandardCharsets.UTF_8);
        RecipeReader reader = new RecipeReader(new Parts());
        Path file = temporary.resolve("damaged.yaml");
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++) {
            byte[] damaged = good.clone();
            for (int i = rng.nextInt(1, 6); i > 0; i--) {
                damaged[rng.nextInt(damaged.length)] = yaml[rng.nextInt(yaml.length)];
            }
            Files.write(file, damaged);
            try {
                reader.read(file, List.of());
            } catch (RecipeException e) {
                refused++;
                assertThat(e.problems())
                        .isNotEmpty()
                        .allMatch(problem -> problem.matches(".*damaged\\.yaml:[1-9][0-9]*:[1-9][0-9]*: \\S.*"));
            }
        }
        assertThat(refused).isPositive().isLessThan(2000);
    }
}
