package dev.palimpsest.runtime.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the launcher as a user does, in a working directory of its own. */
record Launcher(Path script, Path directory, Map<String, String> variables) {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    /** What a finished command left. */
    record Result(int code, String out, String err) {
        String lastLine() {
            List<String> lines = out.lines().toList();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        }
    }

    static Launcher in(Path directory) {
        return new Launcher(HOME.resolve("runtime/bin/palimpsest"), directory);
    }

    /** For commands that are over before the JVM's second compiler has paid: without it they take half of the time, and long trainings twice. */
    static Launcher brief(Path directory) {
        return new Launcher(in(directory).script, directory, Map.of("PALIMPSEST_JAVA_OPTS", "-XX:TieredStopAtLevel=1"));
    }

    Launcher(Path script, Path directory) {
        this(script, directory, Map.of());
    }

    Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(Arrays.asList(arguments));
        return execute(command);
    }

    /** Runs a line of shell in the directory, with the launcher as {@code $palimpsest}. */
    Result shell(String line) {
        return execute(List.of("sh", "-c", line));
    }

    private Result execute(List<String> command) {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            Process process = start(command, out, err);
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 5 minutes: " + command + "\n" + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Process start(List<String> command, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("palimpsest", script.toString());
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** Writes a text file in the directory. */
    Path write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
