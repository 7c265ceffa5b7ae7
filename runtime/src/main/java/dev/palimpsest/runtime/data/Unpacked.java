package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Files that are read at any position: as they lie, or unpacked once, small ones in memory and others to a file that vanishes when it is closed. */
final class Unpacked {
    /** Up to so many bytes are kept in memory. */
    private static final int SMALL = 1 << 23;

    /** What is left free on the disk, for others. */
    private static final long RESERVE = 64L << 20;

    /** A packed byte becomes so many at most: two bits tell of 258 bytes (RFC 1951, sections 3.2.5 and 3.2.7). */
    private static final int DEFLATED = 1032;

    /** Images of which nothing says how many there are become at most so many times their packed size. */
    private static final int IMAGES = 200;

    private Unpacked() {}

    /**
     * Opens a file; a gzipped one is unpacked.
     *
     * @param bytes how many it says that it holds; if there are more, one more is unpacked
     * @throws DataException if it cannot be read, or cannot hold so many
     * @throws FileException if there is no room for them, or the folder cannot be written to
     */
    static Positioned open(Path path, Path scratch, long bytes) {
        try {
            if (!Inputs.gzipped(path)) {
                return Positioned.of(FileChannel.open(path, StandardOpenOption.READ));
            }
            try (InputStream in = Inputs.open(path)) {
                return copy(path.toString(), in, scratch, Files.size(path), bytes);
            }
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /**
     * Opens a file of images that does not say how many it holds; a gzipped one is unpacked, if it is no bomb.
     *
     * @throws DataException if it cannot be read, or unpacks to more than images do
     * @throws FileException if there is no room for what is in it, or the folder cannot be written to
     */
    static Positioned openImages(Path path, Path scratch) {
        try {
            if (!Inputs.gzipped(path)) {
                return Positioned.of(FileChannel.open(path, StandardOpenOption.READ));
            }
            long most = Math.max(SMALL, IMAGES * Files.size(path));
            try (InputStream in = Inputs.open(path)) {
                Positioned unpacked = copied(path.toString(), in, scratch, most, 0);
                if (unpacked.size() > most) {
                    unpacked.close();
                    throw new DataException(path + ": expected images, which unpack to at most " + IMAGES
                            + " times their packed size, got more; if it is right, unpack it with gunzip");
                }
                return unpacked;
            }
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /**
     * Copies a stream that is unpacked on the way.
     *
     * @param packed how many bytes it has when it is packed
     * @param bytes how many it says that it has when it is unpacked; if there are more, one more is copied
     * @throws IOException if the stream cannot be read
     * @throws DataException if so few packed bytes cannot become so many
     * @throws FileException if there is no room for them, or the folder cannot be written to
     */
    static Positioned copy(String name, InputStream in, Path scratch, long packed, long bytes) throws IOException {
        if (bytes / DEFLATED > packed) {
            throw new DataException(name + ": expected " + bytes + " bytes, as it says, but its " + packed
                    + " packed ones cannot become so many; the file is cut off, or no such file");
        }
        return copied(name, in, scratch, bytes, bytes);
    }

    private static Positioned copied(String name, InputStream in, Path scratch, long most, long expected)
            throws IOException {
        if (expected > SMALL) {
            Target.requireRoom(scratch, name, expected);
        }
        byte[] start = new byte[(int) Math.min(SMALL, most + 1)];
        int came = in.readNBytes(start, 0, start.length);
        if (came < SMALL) {
            return Positioned.of(Arrays.copyOf(start, came));
        }
        Target target = Target.in(scratch, name);
        try {
            target.write(start, start.length, start.length);
            byte[] buffer = new byte[1 << 16];
            for (long written = start.length; written <= most; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, most + 1 - written));
                if (read < 0) {
                    break;
                }
                written += read;
                target.write(buffer, read, written);
            }
            return Positioned.of(target.channel);
        } catch (RuntimeException | IOException e) {
            target.channel.close();
            throw e;
        }
    }

    /** A file that is written to, and how many bytes there is room for. */
    private record Target(String name, Path scratch, FileChannel channel, long room) {
        static Target in(Path scratch, String name) {
            try {
                long room = room(scratch);
                Path file = Files.createTempFile(scratch, ".unpacked", "");
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
                return new Target(name, scratch, channel, room);
            } catch (IOException e) {
                throw failed(name, scratch, e);
            }
        }

        static void requireRoom(Path scratch, String name, long bytes) {
            try {
                require(bytes, room(scratch));
            } catch (IOException e) {
                throw failed(name, scratch, e);
            }
        }

        private static long room(Path scratch) throws IOException {
            Files.createDirectories(scratch);
            return Math.max(0, Files.getFileStore(scratch).getUsableSpace() - RESERVE);
        }

        private static void require(long bytes, long room) throws IOException {
            if (bytes > room) {
                throw new IOException("it is more than the " + room + " bytes that there is room for");
            }
        }

        void write(byte[] bytes, int count, long upTo) {
            try {
                require(upTo, room);
                ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw failed(name, scratch, e);
            }
        }

        private static FileException failed(String name, Path scratch, IOException e) {
            return new FileException("unpack " + name + " into " + scratch, e);
        }
    }
}
