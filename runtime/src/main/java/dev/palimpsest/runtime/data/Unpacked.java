package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are read at any position: as they lie, or unpacked once, small ones in memory and others to a file that vanishes when it is closed. */
final class Unpacked {
    /** Up to so many bytes are kept in memory. */
    private static final int SMALL = 1 << 23;

    /** What is left free on the disk, for others. */
    private static final long RESERVE = 64L << 20;

    private Unpacked() {}

    /**
     * Opens a file; a gzipped one is unpacked.
     *
     * @param most how many bytes are unpacked at most, and one more if there are more
     * @throws DataException if it cannot be read
     * @throws FileException if there is no room for what is in it, or the folder cannot be written to
     */
    static Positioned open(Path path, Path scratch, long most) {
        try {
            if (!Inputs.gzipped(path)) {
                return Positioned.of(FileChannel.open(path, StandardOpenOption.READ));
            }
            try (InputStream in = Inputs.open(path)) {
                return copy(path.toString(), in, scratch, most);
            }
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /**
     * Copies a stream.
     *
     * @throws IOException if the stream cannot be read
     * @throws FileException if there is no room for what is in it, or the folder cannot be written to
     */
    static Positioned copy(String name, InputStream in, Path scratch, long most) throws IOException {
        byte[] start = in.readNBytes((int) Math.min(SMALL, most + 1));
        if (start.length < SMALL) {
            return Positioned.of(start);
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
                Files.createDirectories(scratch);
                FileChannel channel = FileChannel.open(
                        Files.createTempFile(scratch, ".unpacked", ""),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
                long free = Files.getFileStore(scratch).getUsableSpace();
                return new Target(name, scratch, channel, Math.max(0, free - RESERVE));
            } catch (IOException e) {
                throw failed(name, scratch, e);
            }
        }

        void write(byte[] bytes, int count, long upTo) {
            try {
                if (upTo > room) {
                    throw new IOException("it is more than the " + room + " bytes that there is room for");
                }
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
