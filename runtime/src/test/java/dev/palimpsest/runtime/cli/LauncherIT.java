package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
    @TempDir
    Path folder;

    @Test
    void help_lists_the_commands_and_an_unknown_command_is_a_usage_error() {
        Launcher launcher = Launcher.in(folder);
        assertThat(launcher.run("--help").code()).isZero();
        assertThat(launcher.run("--help").out())
                .contains(
                        "run RECIPE",
                        "check RECIPE",
                        "bench RECIPE",
                        "environment",
                        "plugins",
                        "describe [NAME]",
                        "schema",
                        "diagnose RECIPE",
                        "classpath",
                        "verify JAR");
        Result unknown = launcher.run("restoer");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no command \"restoer\"").hasLineCount(1);
    }

    /** What comes before the launcher is in a shell, which knows no locale. */
    @Test
    void names_of_files_have_any_letters_in_any_locale() {
        Result checked = Launcher.brief(folder)
                .shell("name=$(printf 'gr\\303\\266\\303\\237e') && mkdir \"$name\" && cp '"
                        + Launcher.HOME.resolve("recipes/two-moons.yaml")
                        + "' \"$name\" && LC_ALL=POSIX \"$palimpsest\" check \"$name/two-moons.yaml\"");
        assertThat(checked.err()).isEmpty();
        assertThat(checked.code()).isZero();
    }

    @Test
    void plugins_lists_every_shipped_jar_with_its_checksum() {
        Result plugins = Launcher.in(folder).run("plugins");
        assertThat(plugins.code()).isZero();
        assertThat(plugins.out())
                .contains(
                        "palimpsest-masking",
                        "palimpsest-mlp",
                        "palimpsest-noise",
                        "palimpsest-runge-kutta",
                        "palimpsest-schedules",
                        "palimpsest-unet")
                .contains("random-mask", "midpoint", "unet")
                .containsPattern("[0-9a-f]{64}");
    }

    @Test
    void describe_shows_keys_defaults_and_ranges_and_suggests_a_near_name() {
        Launcher launcher = Launcher.in(folder);
        Result described = launcher.run("describe", "random-mask");
        assertThat(described.code()).isZero();
        assertThat(described.out()).contains("probability", "0.5", "noise");
        Result misspelt = launcher.run("describe", "random-maks");
        assertThat(misspelt.code()).isEqualTo(2);
        assertThat(misspelt.err()).contains("random-mask");
    }

    @Test
    void it_works_through_a_symbolic_link_from_another_directory() throws IOException {
        Path link =
                Files.createSymbolicLink(folder.resolve("palimpsest"), Launcher.HOME.resolve("runtime/bin/palimpsest"));
        assertThat(new Launcher(link, folder).run("--version").out()).startsWith("palimpsest 0.1.0");
        Path relative = Files.createSymbolicLink(folder.resolve("p"), Path.of("palimpsest"));
        assertThat(new Launcher(relative, folder).run("--version").out()).startsWith("palimpsest 0.1.0");
    }

    @Test
    void it_works_on_a_path_with_spaces() throws IOException {
        Path home = folder.resolve("a home with spaces");
        for (String part : List.of("runtime/bin", "runtime/target", "plugins")) {
            copy(Launcher.HOME.resolve(part), home.resolve(part));
        }
        Result plugins = new Launcher(home.resolve("runtime/bin/palimpsest"), folder).run("plugins");
        assertThat(plugins.err()).isEmpty();
        assertThat(plugins.code()).isZero();
        assertThat(plugins.out()).contains("palimpsest-unet");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : (Iterable<Path>) tree.filter(LauncherIT::isPartOfAnInstallation)::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static boolean isPartOfAnInstallation(Path file) {
        return Files.isRegularFile(file)
                && (file.toString().endsWith(".jar")
                        || file.endsWith("pom.xml")
                        || file.getParent().endsWith("bin"));
    }
}
