package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that exist as a whole or not at all, also after a loss of power: written beside their place, forced to disk, and then renamed. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes a file's content to a stream, which it does not close. */
    @FunctionalInterface
    public interface Content {
        void to(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, in a folder that is made if it is missing.
     *
     * @throws FileException if it cannot be written
     */
    public static Path write(Path file, byte[] content) {
        return write(file, out -> out.write(content));
    }

    /**
     * Writes a file, in a folder that is made if it is missing.
     *
     * @throws FileException if it cannot be written
     */
    public static Path write(Path file, Content content) {
        try {
            writeBeside(file, content);
            put(beside(file), file);
            return file;
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Writes one of many files of a folder, whose name is on disk only after {@link #forceFolder}.
     *
     * @throws FileException if it cannot be written
     */
    static void writeOneOfMany(Path file, byte[] content) {
        try {
            writeBeside(file, out -> out.write(content));
            rename(beside(file), file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Forces the names of a folder's files to disk, where the file system knows how to: one of Windows' keeps them by itself.
     *
     * @throws FileException if that fails
     */
    public static void forceFolder(Path folder) {
        try {
            force(folder);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    /**
     * Finds out whether a file can be written, before what takes long; its folder is made if it is missing.
     *
     * @throws FileException if it cannot be written
     */
    public static void requirePlace(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder, where a file is to be");
            }
            writeBeside(file, out -> {});
            Files.delete(beside(file));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Gives what is written, and on disk, its name. */
    static void put(Path beside, Path file) throws IOException {
        rename(beside, file);
        force(file.toAbsolutePath().getParent());
    }

    private static void rename(Path beside, Path file) throws IOException {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Path beside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".part");
    }

    /** What is written in part, because the disk is full or another thing went wrong, is removed. */
    private static void writeBeside(Path file, Content content) throws IOException {
        Path beside = beside(file);
        Files.createDirectories(file.toAbsolutePath().getParent());
        boolean whole = false;
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            content.to(Channels.newOutputStream(channel));
            channel.force(true);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(beside);
            }
        }
    }

    private static FileException cannotWrite(Path file, IOException thrown) {
        return new FileException("write " + file, thrown);
    }
}
