package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.testkit.contract.Check;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders under examples do what they say, in a copy that is thrown away. */
class ExamplesIT {
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA =
            Pattern.compile("```java\n((?:(?!```).)*?public record (\\w+).*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void the_commands_of_the_newcomers_readme_compile_pack_verify_check_and_run_a_model_within_two_minutes()
            throws IOException {
        copy(Launcher.HOME.resolve("examples/third-party-forward-model"), folder);
        Matcher commands = SHELL.matcher(Files.readString(folder.resolve("README.md")));
        assertThat(commands.find()).isTrue();
        Instant start = Instant.now();

        Result result = Launcher.brief(folder)
                .shell("set -e; PATH=$(dirname \"$palimpsest\"):$PATH\n" + commands.group(1) + "palimpsest --version");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "all 28 checks hold",
                        "vignette: ForwardModel, from vignette",
                        "the recipe \"vignette\" is ready to run",
                        "psnr",
                        "runs/vignette/1\npalimpsest ");
        assertThat(folder.resolve("runs/vignette/1/report.html")).isNotEmptyFile();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    void the_readme_of_the_newcomer_is_short() throws IOException {
        assertThat(Files.readAllLines(Launcher.HOME.resolve("examples/third-party-forward-model/README.md")))
                .hasSizeLessThan(22);
    }

    @Test
    void the_examples_of_the_page_on_plugins_compile_keep_their_contracts_and_run() throws IOException {
        String page = Files.readString(Launcher.HOME.resolve("docs/plugins.md"));
        Launcher launcher = Launcher.brief(folder);
        List<String> names = JAVA.matcher(page)
                .results()
                .map(block -> {
                    launcher.write("src/" + block.group(2) + ".java", block.group(1));
                    return block.group(2);
                })
                .toList();
        assertThat(names).containsExactly("FadedPrint", "Dust", "Smoothstep", "Kutta3", "OneLayer", "RowMeans");
        Files.copy(Launcher.HOME.resolve("recipes/two-moons.yaml"), folder.resolve("two-moons.yaml"));
        List<String> commands =
                SHELL.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(commands).hasSize(2);

        Result packed = launcher.shell("set -e; PATH=$(dirname \"$palimpsest\"):$PATH\n"
                + commands.get(0).replace("javac ", "javac -Werror "));
        assertThat(packed.code()).as(packed.out() + packed.err()).isZero();
        assertThat(packed.out()).contains(" checks hold", "faded-print: ForwardModel, from mine");

        Result run = launcher.shell("PATH=$(dirname \"$palimpsest\"):$PATH; "
                + commands.get(1).strip()
                + " data.count=200 data.holdOut=50 train.steps=5 train.warmUp=2 train.batch=16");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.lastLine()).isEqualTo("runs/two-moons/1");
        assertThat(Files.readString(folder.resolve("runs/two-moons/1/recipe.yaml")))
                .contains("smoothstep", "kutta3", "one-layer");
    }

    /** The page's own commands, in a folder of their own and with a shorter training. */
    @Test
    void the_plugin_of_the_readme_compiles_is_verified_and_runs() throws IOException {
        String page = Files.readString(Launcher.HOME.resolve("README.md"));
        Launcher launcher = Launcher.brief(folder);
        JAVA.matcher(page).results().forEach(block -> launcher.write(block.group(2) + ".java", block.group(1)));
        Files.createDirectories(folder.resolve("plugins"));
        String commands = SHELL.matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("javac"))
                .collect(Collectors.joining())
                .replace("runtime/bin/palimpsest ", "\"$palimpsest\" ")
                .replace("recipes/", Launcher.HOME + "/recipes/")
                .replaceAll("(?m)^(.* (describe|run) .*)$", "$1 --plugins plugins");

        Result result = launcher.shell("set -e\n" + commands.strip()
                + " data.limit=60 data.holdOut=20 train.steps=2 train.warmUp=1 train.batch=8 solver.steps=2");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains(" checks hold", "stripes: ForwardModel, from stripes", "psnr");
        assertThat(Files.readString(folder.resolve("runs/quickstart/1/recipe.yaml")))
                .contains("type: stripes", "every: 3");
    }

    /** The page's own commands, with fewer plates, and with one run, and a shorter training of a smaller network, in place of its two. */
    @Test
    void the_tutorial_goes_from_files_to_restored_files() throws IOException {
        Launcher launcher = Launcher.brief(folder);
        assumeTrue(launcher.shell("python3 -c 'import numpy'").code() == 0, "python3 with numpy is not installed");
        String page = Files.readString(Launcher.HOME.resolve("docs/tutorial.md"));
        List<String> commands = SHELL.matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.matches("(?s)(cp|python3 nights|palimpsest (check|restore runs/telescope)).*"))
                .map(block -> block.replace("runs/telescope/2", "runs/telescope/1")
                        .replace("october 0 12", "october 0 3")
                        .replace("november 12 2", "november 12 1"))
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(commands).hasSize(4);
        commands.add(
                3,
                "palimpsest run telescope.yaml --plugins \"$PALIMPSEST/plugins-contrib\" train.steps=2 train.warmUp=1"
                        + " train.batch=8 drift.channels=4 data.holdOut=1 solver.steps=1\n");

        Result result = launcher.shell("set -e; PALIMPSEST='" + Launcher.HOME
                + "'; PATH=$(dirname \"$palimpsest\"):$PATH\n" + String.join("", commands));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "3 plates in october",
                        "the recipe \"telescope\" is ready to run",
                        "observation-sliced-wasserstein",
                        "restored 1 of 1 observations");
        assertThat(folder.resolve("telescope/restored/sample/plate-012.png")).isNotEmptyFile();
        String recipe = Files.readString(Launcher.HOME.resolve("examples/telescope/telescope.yaml"));
        assertThat(page).contains("```yaml\n" + recipe.substring(recipe.indexOf("name:")) + "```");
    }

    /** Without Maven, which would need what only an installation puts into the local repository. */
    @Test
    void the_template_compiles_keeps_its_contract_and_is_found_as_a_plugin() throws IOException {
        copy(Launcher.HOME.resolve("examples/plugin-template"), folder);
        Result compiled = Launcher.brief(folder).shell("""
                set -e
                mkdir -p target
                javac -proc:none -Xlint:all,-path -Werror -d classes -cp "$("$palimpsest" classpath)" $(find src/main/java -name '*.java')
                cp -r src/main/resources/META-INF classes
                jar --create --file target/optics-1.0.0.jar -C classes .
                "$palimpsest" plugins --plugins target
                """);
        assertThat(compiled.code()).as(compiled.err()).isZero();
        assertThat(compiled.out())
                .contains("optics-1.0.0 1.0.0", "brings speckle")
                .doesNotContain("problem");
        runTheTemplatesTest();
    }

    @Test
    void the_template_names_this_version() throws IOException {
        String pom = Files.readString(Launcher.HOME.resolve("pom.xml"));
        Matcher version = Pattern.compile("<artifactId>palimpsest</artifactId>\\s*<version>(.*?)</version>")
                .matcher(pom);
        assertThat(version.find()).isTrue();
        assertThat(pom).contains("<palimpsest.version>" + version.group(1) + "<");
        assertThat(Files.readString(Launcher.HOME.resolve("examples/plugin-template/pom.xml")))
                .containsPattern("<artifactId>palimpsest-plugins</artifactId>\\s*<version>" + version.group(1) + "<")
                .contains("<Plugin-Requires>" + version.group(1) + "<");
    }

    private void runTheTemplatesTest() throws IOException {
        Path classes = folder.resolve("classes");
        String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-cp", classPath));
        sources(folder.resolve("src/test/java")).forEach(source -> arguments.add(source.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Object test = loader.loadClass("org.example.optics.SpeckleTest")
                    .getConstructor()
                    .newInstance();
            Check.of(ForwardModelContract.class, (ForwardModelContract) test)
                    .forEach(check -> check.attempt().run());
            test.getClass().getMethod("darkness_has_no_speckle").invoke(test);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : (Iterable<Path>) tree.filter(Files::isRegularFile)::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
