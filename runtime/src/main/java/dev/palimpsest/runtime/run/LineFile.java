package dev.palimpsest.runtime.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to which whole lines are appended while a run goes on. */
final class LineFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    /**
     * Opens the file, or makes it.
     *
     * @param length how much of it to keep; what comes after that is cut off
     * @throws UncheckedIOException if it cannot be written
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

    /** Appends a line, which ends with its line feed. */
    void append(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Forces all lines to disk, and says how long the file is now. */
    long force() {
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

    private UncheckedIOException cannotWrite(IOException e) {
        return new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
}
