package dev.palimpsest.plugins.externalprocess;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file to which the standard error of all processes of a pool is appended, line by line; without one, nothing is written. */
final class ErrorLog {
    private final Optional<BufferedWriter> file;
    private boolean closed;

    /** Throws UncheckedIOException if the file cannot be written. */
    ErrorLog(Optional<String> path) {
        file = path.map(Path::of).map(ErrorLog::open);
    }

    private static BufferedWriter open(Path path) {
        try {
            return Files.newBufferedWriter(
                    path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "log: cannot write " + path.toAbsolutePath() + " (" + e
                            + "): name a file in a folder that exists and can be written",
                    e);
        }
    }

    /** A log that can no longer be written must not stop the program, whose standard error has to be read on. */
    synchronized void line(int process, String text) {
        if (file.isEmpty() || closed) {
            return;
        }
        try {
            file.get().write(process + ": " + text + "\n");
            file.get().flush();
        } catch (IOException noSpace) {
            close();
        }
    }

    /** What comes after this is not written. */
    synchronized void close() {
        closed = true;
        file.ifPresent(ErrorLog::close);
    }

    private static void close(BufferedWriter file) {
        try {
            file.close();
        } catch (IOException noSpace) {
            // the lines before were written one by one, and there is nobody to be told of this one
        }
    }
}
