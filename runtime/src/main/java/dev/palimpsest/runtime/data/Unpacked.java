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
     * @throws DataException if there is no room for it
     */
    static FileChannel copy(String name, InputStream in, Path scratch, long most) throws IOException {
        Files.createDirectories(scratch);
        Path file = Files.createTempFile(scratch, ".unpacked", "");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            long room = Math.max(0, Files.getFileStore(scratch).getUsableSpace() - RESERVE);
            byte[] buffer = new byte[1 << 16];
            for (long written = 0; written <= most; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, most + 1 - written));
                if (read < 0) {
                    break;
                }
                written += read;
                if (written > room) {
                    throw new DataException(name + ": unpacks to more than the " + room + " bytes that are free in "
                            + scratch + "; make room there, or unpack it elsewhere");
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            return channel;
        } catch (RuntimeException | IOException e) {
            channel.close();
            throw e;
        }
    }
}
