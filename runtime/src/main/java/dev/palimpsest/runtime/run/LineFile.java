package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.FileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to which whole lines are appended. */
public final class LineFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    /**
     * Opens the file, or makes it.
     *
     * @param length how much of it to keep; what comes after that is cut off
     * @throws FileException if it cannot be written
     */
    LineFile(Path path, long length) {
        this.path = path;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(length);
            channel.position(length);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Opens a file at its end.
     *
     * @throws FileException if it cannot be written
     */
    public static LineFile atEnd(Path path) {
        try {
            return new LineFile(path, Files.size(path));
        } catch (IOException e) {
            throw new FileException("write " + path, e);
        }
    }

    /** Appends a line, or several, which end with their line feeds: all, or where the disk is full none. */
    public void append(String line) {
        try {
            long before = channel.position();
            try {
                ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Forces all lines to disk, and says how long the file is now. */
    public long force() {
        try {
            channel.force(true);
            return channel.position();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private FileException cannotWrite(IOException e) {
        return new FileException("write " + path, e);
    }
}
