package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A file of ours cannot be written, read or locked: the disk is full, say, or the folder must not be written to. */
public final class FileException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    /** @param doing what was tried, such as "write runs/1/summary.json" */
    public FileException(String doing, IOException cause) {
        super("cannot " + doing + ": " + reason(cause), cause);
    }

    /** What the exception says; where that is a path alone, what its kind means. */
    private static String reason(IOException thrown) {
        if (!(thrown instanceof FileSystemException plain)) {
            return thrown.getMessage();
        }
        if (plain.getReason() != null) {
            return plain.getReason();
        }
        if (plain instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (plain instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        return plain instanceof FileAlreadyExistsException
                ? plain.getFile() + " is not a folder"
                : plain.getClass().getSimpleName() + " " + plain.getMessage();
    }
}
