package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A .npy file, or a stored entry of a .npz file, open for reading, row by row in any order; what was not asked for is not in memory. */
public final class NpyFile implements Table {
    private final String name;
    private final Positioned source;
    private final NpyHeader header;
    private final Optional<InPlace> place;
    private final long start;
    private final int size;

    private NpyFile(String name, Positioned source, long offset, NpyHeader header, Optional<InPlace> place) {
        this.name = name;
        this.source = source;
        this.header = header;
        this.place = place;
        this.start = offset + header.offset();
        this.size = itemSize();
    }

    /** @throws DataException if there is no such file, or its header and its size do not fit */
    public static NpyFile open(Path path) {
        Inputs.regular(path);
        try {
            return open(path.toString(), InPlace.of(path, 0, Files.size(path)));
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    /** Opens a part of a file. */
    static NpyFile open(String name, InPlace place) {
        Inputs.regular(place.path());
        try {
            return open(
                    name,
                    Positioned.of(FileChannel.open(place.path(), StandardOpenOption.READ)),
                    place.offset(),
                    place.bytes(),
                    Optional.of(place));
        } catch (IOException e) {
            throw Inputs.unreadable(place.path(), e);
        }
    }

    /** Takes over a source, that is closed if it cannot be read. */
    static NpyFile open(String name, Positioned source, long offset, long bytes, Optional<InPlace> place) {
        try {
            NpyHeader header = NpyHeader.read(name, bytes, (position, count) -> {
                ByteBuffer read = ByteBuffer.allocate((int) Math.min(count, Math.max(0, bytes - position)));
                fill(name, source, offset + position, read);
                byte[] came = new byte[read.position()];
                read.flip().get(came);
                return came;
            });
            return new NpyFile(name, source, offset, header, place);
        } catch (RuntimeException e) {
            close(source);
            throw e;
        }
    }

    /** [n, ...]: n rows, each of the remaining shape. */
    public long[] shape() {
        return header.shape().clone();
    }

    /** Where it lies, if it lies in a file that is not ours. */
    Optional<InPlace> place() {
        return place;
    }

    @Override
    public int count() {
        return (int) header.shape()[0];
    }

    @Override
    public long[] itemShape() {
        return Shapes.item(header.shape());
    }

    @Override
    public String where(int number) {
        return name;
    }

    /** All rows. */
    INDArray all() {
        Values values = new Values(shape());
        long length = Values.count(header.shape());
        for (long at = 0; at < length; at += Values.AT_ONCE) {
            float[] part = new float[(int) Math.min(Values.AT_ONCE, length - at)];
            floats(at, part.length, part, 0);
            values.append(part);
        }
        return values.array();
    }

    @Override
    public void read(int[] numbers, float[] to) {
        for (int i = 0; i < numbers.length; ) {
            int from = i;
            Objects.checkIndex(numbers[i++], count());
            while (i < numbers.length && numbers[i] == numbers[i - 1] + 1 && numbers[i] < count()) {
                i++;
            }
            long first = (long) numbers[from] * size;
            int length = (i - from) * size;
            for (int done = 0; done < length; done += Values.AT_ONCE) {
                floats(first + done, Math.min(Values.AT_ONCE, length - done), to, from * size + done);
            }
        }
    }

    @Override
    public long memory() {
        return source.memory();
    }

    @Override
    public void close() {
        close(source);
    }

    private void floats(long value, int count, float[] to, int at) {
        NpyHeader.Element type = header.type();
        ByteBuffer stored = ByteBuffer.allocate(count * type.bytes()).order(type.order());
        fill(name, source, start + value * type.bytes(), stored);
        if (stored.hasRemaining()) {
            throw new DataException(name + ": became shorter while it was read");
        }
        type.decoder().decode(stored.flip(), to, at, count);
    }

    private static void fill(String name, Positioned source, long position, ByteBuffer buffer) {
        try {
            while (buffer.hasRemaining() && source.read(buffer, position + buffer.position()) >= 0) {}
        } catch (IOException e) {
            throw new DataException(name + ": cannot be read (" + e + ")", e);
        }
    }

    private static void close(Positioned source) {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
