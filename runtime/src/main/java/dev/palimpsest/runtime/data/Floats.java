package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of float32 values, little-endian, one after another: appended to, and read at any place. Several threads may read. */
final class Floats implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private Floats(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Begins a file, in a folder that is made if it is missing; an older one is replaced. */
    static Floats create(Path path) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            return new Floats(
                    path,
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new FileException("write " + path, e);
        }
    }

    static Floats open(Path path) {
        try {
            return new Floats(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /** Appends values; returns the place of the first. */
    long append(float[] values) {
        try {
            long at = channel.size() / Float.BYTES;
            channel.position(channel.size());
            for (int from = 0; from < values.length; from += Values.AT_ONCE) {
                int count = Math.min(Values.AT_ONCE, values.length - from);
                ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values, from, count);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            return at;
        } catch (IOException e) {
            throw new FileException("write " + path, e);
        }
    }

    /** Forces what was appended to disk. */
    void force() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new FileException("write " + path, e);
        }
    }

    /** @throws DataException if the file has no such values */
    void read(long at, float[] to, int offset, int count) {
        for (int done = 0; done < count; ) {
            int part = Math.min(Values.AT_ONCE, count - done);
            ByteBuffer bytes = ByteBuffer.allocate(part * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            try {
                long position = (at + done) * Float.BYTES;
                while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {}
            } catch (IOException e) {
                throw Inputs.unreadable(path, e);
            }
            if (bytes.hasRemaining()) {
                throw new DataException(path + ": became shorter while it was read");
            }
            bytes.flip().asFloatBuffer().get(to, offset + done, part);
            done += part;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FileException("close " + path, e);
        }
    }
}
