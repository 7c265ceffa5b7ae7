package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that are read at any position; several threads may read. */
interface Positioned extends AutoCloseable {
    /** Reads as many bytes as the buffer has room for and the source has; returns how many, or -1 at its end. */
    int read(ByteBuffer to, long position) throws IOException;

    long size() throws IOException;

    /** How many bytes are in memory for as long as it is open. */
    long memory();

    @Override
    void close() throws IOException;

    static Positioned of(FileChannel channel) {
        return new Positioned() {
            @Override
            public int read(ByteBuffer to, long position) throws IOException {
                return channel.read(to, position);
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public long memory() {
                return 0;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** A stream, which is read in its order and not closed. */
    static Positioned inOrder(InputStream in, long size) {
        return new Positioned() {
            private long at;

            @Override
            public int read(ByteBuffer to, long position) throws IOException {
                if (position != at) {
                    throw new IllegalArgumentException("is at " + at + ", and cannot go to " + position);
                }
                byte[] came = in.readNBytes(to.remaining());
                to.put(came);
                at += came.length;
                return came.length == 0 ? -1 : came.length;
            }

            @Override
            public long size() {
                return size;
            }

            @Override
            public long memory() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    static Positioned of(byte[] bytes) {
        return new Positioned() {
            @Override
            public int read(ByteBuffer to, long position) {
                if (position >= bytes.length) {
                    return -1;
                }
                int count = (int) Math.min(to.remaining(), bytes.length - position);
                to.put(bytes, (int) position, count);
                return count;
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public long memory() {
                return bytes.length;
            }

            @Override
            public void close() {}
        };
    }
}
