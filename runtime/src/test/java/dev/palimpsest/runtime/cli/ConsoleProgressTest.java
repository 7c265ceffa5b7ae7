package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    @Test
    void the_command_that_goes_on_has_the_plugins_that_the_run_was_given() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        try (ConsoleProgress progress = new ConsoleProgress(
                new Session(Launcher.HOME, print, print, false), List.of(Path.of("mine"), Path.of("theirs")))) {
            progress.folder(Path.of("runs/a/1"));
            progress.tellHowToGoOn();
        }
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("interrupted; go on with: palimpsest resume runs/a/1 --plugins mine --plugins theirs");
    }
}
