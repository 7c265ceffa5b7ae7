package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that exist as a whole or not at all: written beside their place and then renamed. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a file, in a folder that is made if it is missing.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static Path write(Path file, byte[] content) {
        Path beside = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(beside, content);
            return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
