package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
        try {
            Path beside = writeBeside(file, content);
            return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Finds out whether a file can be written, before what takes long; its folder is made if it is missing.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void requirePlace(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder, where a file is to be");
            }
            Files.delete(writeBeside(file, new byte[0]));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static Path writeBeside(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file.resolveSibling("." + file.getFileName() + ".part"), content);
    }

    private static UncheckedIOException cannotWrite(Path file, IOException thrown) {
        return new UncheckedIOException("cannot write " + file + ": " + reason(thrown), thrown);
    }

    /** What the exception says; where that is a path alone, what its kind means. */
    private static String reason(IOException thrown) {
        if (!(thrown instanceof FileSystemException plain) || plain.getReason() != null) {
            return thrown.getMessage();
        }
        if (plain instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (plain instanceof NoSuchFileException) {
            return "no file can be made in that folder";
        }
        return plain instanceof FileAlreadyExistsException
                ? plain.getFile() + " is not a folder"
                : plain.getClass().getSimpleName() + " " + plain.getMessage();
    }
}
