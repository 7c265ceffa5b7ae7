package dev.palimpsest.runtime.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * An event file for TensorBoard.
 *
 * <p>It is a row of records: the length of the data (8 bytes), its checksum (4 bytes), the data, and their checksum (4 bytes), all little-endian. A checksum is
 * CRC-32C, masked: (c &gt;&gt;&gt; 15 | c &lt;&lt; 17) + 0xa282ead8. The data are a message Event: wall_time = 1 (double, seconds), step = 2, and one of
 * file_version = 3, summary = 5 and session_log = 7. A Summary has values = 1, of which each has a tag = 1 and a simple_value = 2 (float) or an image = 4, with height = 1,
 * width = 2, colorspace = 3 and encoded_image_string = 4 (PNG). A SessionLog with status = 1 of START = 1 says that steps from its own on count anew.
 *
 * <p>Source: TensorFlow's event.proto, summary.proto and tfrecord format.
 */
public final class EventFile implements AutoCloseable {
    private static final String NAME = "events.out.tfevents.";
    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;
    private static final int START = 1;
    private static final int RGBA = 4;

    private final Path file;
    private final OutputStream out;
    private long lastStep = Long.MAX_VALUE;

    private EventFile(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Begins the next file of a folder; TensorBoard reads all of them, in the order of their names.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static EventFile next(Path folder) {
        try {
            Files.createDirectories(folder);
            for (int number = count(folder) + 1; ; number++) {
                Path file = folder.resolve(String.format(Locale.ROOT, "%s%010d.palimpsest", NAME, number));
                try {
                    return begun(
                            file, Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
                } catch (FileAlreadyExistsException anotherHasTheNumber) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot begin an event file in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** With its version; where that cannot be written, nothing stays open. */
    private static EventFile begun(Path file, OutputStream out) throws IOException {
        try {
            EventFile events = new EventFile(file, out);
            events.event(0, new ProtocolMessage().text(3, VERSION));
            return events;
        } catch (UncheckedIOException e) {
            out.close();
            throw e;
        }
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Math.toIntExact(
                    files.filter(file -> file.getFileName().toString().startsWith(NAME))
                            .count());
        }
    }

    /**
     * Writes values at a step, by their tags. A step before the last one, and the first of a file, begin anew: what TensorBoard has from there on is forgotten.
     *
     * @throws UncheckedIOException if they cannot be written
     */
    public void scalars(long step, Map<String, Double> values) {
        begin(step);
        ProtocolMessage summary = new ProtocolMessage();
        values.forEach((tag, value) ->
                summary.message(1, new ProtocolMessage().text(1, tag).real(2, (float) value.doubleValue())));
        event(step, new ProtocolMessage().message(5, summary));
    }

    /**
     * Writes a picture.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void picture(long step, String tag, Picture picture) {
        ProtocolMessage image = new ProtocolMessage()
                .number(1, picture.image().getHeight())
                .number(2, picture.image().getWidth())
                .number(3, RGBA)
                .bytes(4, picture.png());
        event(
                step,
                new ProtocolMessage()
                        .message(
                                5,
                                new ProtocolMessage()
                                        .message(
                                                1,
                                                new ProtocolMessage()
                                                        .text(1, tag)
                                                        .message(4, image))));
    }

    private void begin(long step) {
        if (step < lastStep) {
            event(step, new ProtocolMessage().message(7, new ProtocolMessage().number(1, START)));
        }
        lastStep = step;
    }

    private void event(long step, ProtocolMessage what) {
        double now = System.currentTimeMillis() / 1e3;
        ProtocolMessage head = new ProtocolMessage().real(1, now);
        if (step != 0) {
            head.number(2, step);
        }
        byte[] data = concatenated(head.encoded(), what.encoded());
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.put(length).putInt(masked(length)).put(data).putInt(masked(data));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static byte[] concatenated(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    private static int masked(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private UncheckedIOException cannotWrite(IOException e) {
        return new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
}
