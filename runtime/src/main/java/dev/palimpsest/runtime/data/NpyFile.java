package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A .npy file open for reading, row by row in any order; what was not asked for is not in memory. */
public final class NpyFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final NpyHeader header;

    private NpyFile(Path path, FileChannel channel, NpyHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
    }

    /** @throws DataException if there is no such file, or its header and its size do not fit */
    public static NpyFile open(Path path) {
        Inputs.regular(path);
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                NpyHeader header = NpyHeader.read(
                        path.toString(), channel.size(), (position, count) -> bytes(path, channel, position, count));
                return new NpyFile(path, channel, header);
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /** [n, ...]: n rows, each of the remaining shape. */
    public long[] shape() {
        return header.shape().clone();
    }

    /** All rows. */
    INDArray all() {
        return rows(0, header.shape()[0]);
    }

    /** The rows from..to-1. */
    INDArray rows(long from, long to) {
        Objects.checkFromToIndex(from, to, header.shape()[0]);
        Values values = new Values(shape(to - from));
        append(values, from, to);
        return values.array();
    }

    /** The rows with these numbers, in their order. */
    public INDArray rows(int[] numbers) {
        Values values = new Values(shape(numbers.length));
        for (int number : numbers) {
            Objects.checkIndex((long) number, header.shape()[0]);
            append(values, number, number + 1L);
        }
        return values.array();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long[] shape(long rows) {
        long[] shape = shape();
        shape[0] = rows;
        return shape;
    }

    private void append(Values values, long from, long to) {
        long size = Values.count(header.shape()) / header.shape()[0];
        for (long at = from * size; at < to * size; at += Values.AT_ONCE) {
            values.append(floats(at, (int) Math.min(Values.AT_ONCE, to * size - at)));
        }
    }

    private float[] floats(long at, int count) {
        NpyHeader.Element type = header.type();
        byte[] stored = bytes(path, channel, header.offset() + at * type.bytes(), count * type.bytes());
        if (stored.length < count * type.bytes()) {
            throw new DataException(path + ": became shorter while it was read");
        }
        float[] values = new float[count];
        type.decoder().decode(ByteBuffer.wrap(stored).order(type.order()), values);
        return values;
    }

    private static byte[] bytes(Path path, FileChannel channel, long position, int count) {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        try {
            while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
        byte[] read = new byte[buffer.position()];
        buffer.flip().get(read);
        return read;
    }
}
