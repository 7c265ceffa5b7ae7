package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program says of itself, to people and to shells. */
class HelpTest {
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+) ");
    private static final Pattern OPTION = Pattern.compile("(?m)^  (--[a-z]+)");

    @TempDir
    Path folder;

    @TempDir
    Path scripts;

    static List<String> commands() {
        return found(COMMAND, said("--help"));
    }

    @Test
    void help_lists_every_command_once() {
        assertThat(commands())
                .doesNotHaveDuplicates()
                .hasSize(CommandLineInterface.COMMANDS.size())
                .contains("run", "restore", "completion");
    }

    /** By a shell, with a program called palimpsest that keeps its arguments. */
    @ParameterizedTest
    @MethodSource("commands")
    void the_help_of_a_command_has_two_examples_that_a_shell_and_the_command_understand(String name)
            throws IOException, ParseException {
        String help = said(name, "--help");
        List<String> examples =
                help.substring(help.indexOf("\nexamples:\n") + 11).lines().toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
        Launcher shell = Launcher.in(folder);
        shell.write("palimpsest", "#!/bin/sh\n[ $# -gt 0 ] && printf '%s\\n' \"$@\" >arguments.txt\n");
        shell.write("javac", "#!/bin/sh\n");
        for (String example : examples) {
            Result result = shell.shell("chmod +x palimpsest javac; PATH=$PWD:$PATH; set -e\n" + example);
            assertThat(result.err()).as(example).isEmpty();
            List<String> arguments = Files.readAllLines(folder.resolve("arguments.txt"));
            assertThat(arguments).as(example).startsWith(name);
            Command command = CommandLineInterface.COMMANDS.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            List<String> rest = new DefaultParser(false)
                    .parse(
                            CommandLineInterface.options(command),
                            arguments.subList(1, arguments.size()).toArray(String[]::new))
                    .getArgList();
            assertThat(rest.stream().filter(argument -> argument.matches("recipes/[^{]*yaml")))
                    .as(example)
                    .allSatisfy(
                            recipe -> assertThat(Launcher.HOME.resolve(recipe)).isRegularFile());
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void bash_completes_every_option_of_a_command(String name) {
        List<String> options = found(OPTION, said(name, "--help"));
        assertThat(options).contains("--plugins", "--help");
        assertThat(completed(name, "--")).containsExactlyInAnyOrderElementsOf(options);
    }

    @Test
    void bash_completes_commands_recipes_folders_and_choices() throws IOException {
        Files.createDirectories(folder.resolve("my scans"));
        for (String file : List.of("a b.yaml", "notes.txt", "stripes.jar")) {
            Files.createFile(folder.resolve(file));
        }
        assertThat(completed(""))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(commands().stream(), Stream.of("--help", "--version"))
                                .toList());
        assertThat(completed("re")).containsExactlyInAnyOrder("resume", "restore", "report");
        assertThat(completed("run", "")).containsExactlyInAnyOrder("a b.yaml", "my scans");
        assertThat(completed("verify", "")).containsExactlyInAnyOrder("stripes.jar", "my scans");
        assertThat(completed("restore", "runs/quickstart/1", "--input", ""))
                .containsExactlyInAnyOrder("a b.yaml", "my scans", "notes.txt", "stripes.jar");
        assertThat(completed("restore", "--output", "m")).containsExactly("my scans");
        assertThat(completed("restore", "--draws", "")).isEmpty();
        assertThat(completed("data", "c")).containsExactly("cifar10");
        assertThat(completed("completion", "")).containsExactly("bash", "zsh");
    }

    @Test
    void zsh_is_told_of_every_command_and_of_every_option_of_each() {
        String script = said("completion", "zsh");
        assertThat(script).startsWith("#compdef palimpsest\n");
        for (String name : commands()) {
            int start = script.indexOf("\n        " + name + ")\n");
            assertThat(start).as(name).isPositive();
            String its = script.substring(start, script.indexOf(";;", start));
            for (String option : found(OPTION, said(name, "--help"))) {
                assertThat(its).as(name).contains("'*" + option + "[");
            }
        }
    }

    @Test
    void another_shell_is_a_usage_error() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(run(new ByteArrayOutputStream(), err, "completion", "tcsh")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("there is no completion for \"tcsh\"; there is for bash and zsh\n");
    }

    @Test
    void a_path_that_can_be_none_is_a_usage_error() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(run(new ByteArrayOutputStream(), err, "report", "runs/\0")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("runs/\0: expected the name of a file or folder, got what cannot be one here")
                .hasLineCount(1);
    }

    /** What bash offers for the last word. */
    private List<String> completed(String... words) {
        Launcher shell = Launcher.in(folder);
        Path script = scripts.resolve("palimpsest.bash");
        shell.write(script.toString(), said("completion", "bash"));
        Result result = shell.shell("bash -c '. \"$0\"; COMP_WORDS=(palimpsest \"$@\"); COMP_CWORD=$#; _palimpsest;"
                + " printf \"%s\\n\" \"${COMPREPLY[@]}\"' " + script + " "
                + String.join(
                        " ", Arrays.stream(words).map(word -> "'" + word + "'").toList()));
        assertThat(result.err()).isEmpty();
        return result.out().lines().filter(line -> !line.isEmpty()).toList();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String said(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(out, new ByteArrayOutputStream(), arguments)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int run(ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
        return new CommandLineInterface(new Session(
                        Launcher.HOME,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false))
                .run(arguments);
    }
}
