package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are read at any position: as they lie, or unpacked once to a file that vanishes when it is closed. */
final class Unpacked {
    /** What is left free on the disk, for others. */
    private static final long RESERVE = 64L << 20;

    private Unpacked() {}

    /**
     * Opens a file; a gzipped one is unpacked.
     *
     * @param most how many bytes are unpacked at most, and one more if there are more
     * @throws DataException if it cannot be read, or there is no room for what is in it
     * @throws FileException if the folder cannot be written to
     */
    static FileChannel open(Path path, Path scratch, long most) {
        try {
            if (!Inputs.gzipped(path)) {
                return FileChannel.open(path, StandardOpenOption.READ);
            }
            try (InputStream in = Inputs.open(path)) {
                return copy(path.toString(), in, scratch, most);
            }
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /**
     * Copies a stream to a file that vanishes when it is closed.
     *
     * @throws IOException if the stream cannot be read
     * @throws DataException if there is no room for what is in it
     * @throws FileException if the folder cannot be written to
     */
    static FileChannel copy(String name, InputStream in, Path scratch, long most) throws IOException {
        Target target = Target.in(scratch, name);
        try {
            byte[] buffer = new byte[1 << 16];
            for (long written = 0; written <= most; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, most + 1 - written));
                if (read < 0) {
                    break;
                }
                written += read;
                target.write(ByteBuffer.wrap(buffer, 0, read), written);
            }
            return target.channel;
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
                throw new FileException("unpack " + name + " into " + scratch, e);
            }
        }

        void write(ByteBuffer bytes, long upTo) {
            if (upTo > room) {
                throw new DataException(name + ": unpacks to more than the " + room + " bytes that are free in "
                        + scratch + "; make room there, or unpack it elsewhere");
            }
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw new FileException("unpack " + name + " into " + scratch, e);
            }
        }
    }
}
