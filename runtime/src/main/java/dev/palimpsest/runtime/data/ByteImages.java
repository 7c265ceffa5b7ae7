package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Images of unsigned bytes, in records of one length that follow each other in files; black is -1 and white 1. */
final class ByteImages implements Table {
    private static final float[] SCALE = new float[256];

    static {
        for (int v = 0; v < SCALE.length; v++) {
            SCALE[v] = Scale.of((byte) v);
        }
    }

    /** A file of {@code count} records, the first at {@code offset}. */
    record Part(Path path, Positioned bytes, long offset, int count) {}

    /** What a record holds beside its pixels, in front of them. */
    @FunctionalInterface
    interface Preface {
        /** @throws DataException if it is none */
        void check(Path path, int number, byte[] record);
    }

    private final List<Part> parts;
    private final int preface;
    private final Preface check;
    private final int channels;
    private final int height;
    private final int width;
    private final int frame;
    private final int count;

    /**
     * Takes over the files.
     *
     * @param preface how many bytes are in front of a record's pixels
     * @param frame how many pixels of background, -1, to put around each image
     */
    ByteImages(List<Part> parts, int preface, Preface check, int channels, int height, int width, int frame) {
        this.parts = List.copyOf(parts);
        this.preface = preface;
        this.check = check;
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.frame = frame;
        this.count = parts.stream().mapToInt(Part::count).reduce(0, Math::addExact);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long[] itemShape() {
        return new long[] {channels, height + 2L * frame, width + 2L * frame};
    }

    @Override
    public void read(int[] numbers, float[] to) {
        byte[] image = new byte[preface + channels * height * width];
        int size = itemSize();
        for (int i = 0; i < numbers.length; i++) {
            record(numbers[i], image);
            if (frame > 0) {
                Arrays.fill(to, i * size, (i + 1) * size, -1);
            }
            for (int row = 0; row < channels * height; row++) {
                int channel = row / height;
                int from = preface + row * width;
                int at = i * size
                        + (channel * (height + 2 * frame) + row % height + frame) * (width + 2 * frame)
                        + frame;
                for (int j = 0; j < width; j++) {
                    to[at + j] = SCALE[image[from + j] & 0xff];
                }
            }
        }
    }

    private void record(int number, byte[] record) {
        int inPart = Objects.checkIndex(number, count);
        for (Part part : parts) {
            if (inPart < part.count) {
                ByteBuffer buffer = ByteBuffer.wrap(record);
                long position = part.offset + (long) inPart * record.length;
                try {
                    while (buffer.hasRemaining() && part.bytes.read(buffer, position + buffer.position()) >= 0) {}
                } catch (IOException e) {
                    throw Inputs.unreadable(part.path, e);
                }
                if (buffer.hasRemaining()) {
                    throw new DataException(part.path + ": became shorter while it was read");
                }
                check.check(part.path, inPart, record);
                return;
            }
            inPart -= part.count;
        }
    }

    @Override
    public boolean keepsFiller() {
        return false;
    }

    @Override
    public String where(int number) {
        int inPart = number;
        for (Part part : parts) {
            if (inPart < part.count) {
                return part.path.toString();
            }
            inPart -= part.count;
        }
        throw new IndexOutOfBoundsException(number);
    }

    @Override
    public long memory() {
        return parts.stream().mapToLong(part -> part.bytes.memory()).sum();
    }

    @Override
    public void close() {
        close(parts);
    }

    static void close(List<Part> parts) {
        for (Part part : parts) {
            try {
                part.bytes.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
