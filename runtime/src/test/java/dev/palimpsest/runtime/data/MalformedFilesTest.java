package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that promise what they do not hold: each is refused in one sentence that names it, and no more memory is taken than a small file needs. */
class MalformedFilesTest {
    private static final long MEGABYTE = 1 << 20;
    private static final String FLOATS = "{'descr': '<f4', 'fortran_order': False, 'shape': ";

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    /** Makes a file's content. */
    @FunctionalInterface
    private interface Content {
        byte[] bytes() throws IOException;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("files")
    void a_malformed_file_is_refused_in_one_sentence_with_its_name_and_little_memory(
            String kind, String name, Content content, String reason) throws IOException {
        Path file = Files.createDirectories(folder.resolve("data")).resolve(name);
        Files.write(file, content.bytes());
        // ND4J and ImageIO load on first use; what they take then is not the file's.
        catchThrowable(() -> read(file));
        long arrays = Pointer.totalBytes();
        long before = allocated();
        Throwable refused = catchThrowable(() -> read(file));
        long taken = allocated() - before;
        assertThat(refused).isInstanceOf(DataException.class);
        assertThat(refused.getMessage())
                .startsWith(file.toString())
                .contains(reason)
                .doesNotContain("\n");
        assertThat(taken).as("bytes on the heap").isLessThan(16 * MEGABYTE);
        assertThat(Pointer.totalBytes() - arrays).as("bytes of arrays").isLessThan(MEGABYTE);
        assertThat(scratch).isEmptyDirectory();
    }

    static Stream<Arguments> files() throws IOException {
        byte[] npy = npy(FLOATS + "(2, 3), }", floats(0, 1, 2, 3, 4, 5));
        byte[] npz = zip("x.npy", npy, ZipEntry.DEFLATED);
        byte[] stored = zip("x.npy", npy, ZipEntry.STORED);
        byte[] idx = idx(2, 2, 3, 12);
        byte[] png = png(2, 3);
        return Stream.of(
                of("0 bytes", "a.npy", () -> new byte[0], "the file is empty"),
                of(
                        "the wrong magic number",
                        "a.npy",
                        () -> "P5 2 3".getBytes(StandardCharsets.US_ASCII),
                        "this one does not"),
                of("cut off in its header", "a.npy", () -> Arrays.copyOf(npy, 30), "ends within its header"),
                of("cut off in its values", "a.npy", () -> Arrays.copyOf(npy, npy.length - 1), "the file is cut off"),
                of(
                        "a header of 4 GB",
                        "a.npy",
                        () -> new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1},
                        "got one of 4294967295"),
                of(
                        "a shape of 4 TB",
                        "a.npy",
                        () -> npy(FLOATS + "(1000000, 1000000), }", new byte[24]),
                        "the file is cut off"),
                of(
                        "a shape that overflows",
                        "a.npy",
                        () -> npy(FLOATS + "(4294967296, 4294967296), }", new byte[24]),
                        "fit the file"),
                of(
                        "three dimensions",
                        "a.npy",
                        () -> npy(FLOATS + "(2, 1, 3), }", new byte[24]),
                        "expected vectors [n, d] or images"),
                of(
                        "NaN",
                        "a.npy",
                        () -> npy(FLOATS + "(2, 3), }", floats(0, 1, 2, 3, Float.NaN, 5)),
                        "value 1 of item 1 is NaN"),
                of(
                        "infinity",
                        "a.npy",
                        () -> npy(FLOATS + "(2, 3), }", floats(Float.NEGATIVE_INFINITY, 1, 2, 3, 4, 5)),
                        "value 0 of item 0 is -Infinity"),
                of("objects", "a.npy", () -> Files.readAllBytes(NpyTest.golden("object")), "dtype '|O'"),
                of("column order", "a.npy", () -> Files.readAllBytes(NpyTest.golden("fortran")), "fortran_order: True"),
                of(
                        "a shape of 30000 dimensions",
                        "a.npy",
                        () -> npy(FLOATS + "(" + "1,".repeat(30_000) + "), }", new byte[4]),
                        "expected a shape of 1 to 32 dimensions"),
                of("0 bytes", "a.npz", () -> new byte[0], "expected a .npz file"),
                of("no archive", "a.npz", () -> npy, "expected a .npz file"),
                of("cut off", "a.npz", () -> Arrays.copyOf(npz, npz.length / 2), "expected a .npz file"),
                of(
                        "no array",
                        "a.npz",
                        () -> zip("readme.txt", npy, ZipEntry.DEFLATED),
                        "expected one array, got none"),
                of("objects", "a.npz", () -> Files.readAllBytes(ObservedFormatsTest.golden("objects")), "dtype '|O'"),
                of("a damaged packed array", "a.npz", () -> damaged(npz, 40), "a.npz"),
                of("a stored array that is no .npy", "a.npz", () -> damaged(stored, 36), "this one does not"),
                of(
                        "a zip bomb that is no array",
                        "a.npz",
                        () -> bomb("x.npy", 1 << 28, new byte[0]),
                        "expected a .npy file"),
                of(
                        "a zip bomb with the header of a small array",
                        "a.npz",
                        () -> bomb("x.npy", 1 << 28, npy),
                        "something was appended to it"),
                of("0 bytes", "a.idx", () -> new byte[0], "cut off"),
                of("the wrong magic number", "a.idx", () -> npy, "the magic number"),
                of("a promise of 134 PB", "a.idx", () -> idx(2_000_000_000, 8192, 8192, 12), "cut off"),
                of("cut off", "a.idx", () -> Arrays.copyOf(idx, 20), "cut off"),
                of("a packed file that is cut off", "a.idx.gz", () -> Arrays.copyOf(gzip(idx), 30), "cut off"),
                of("a gzip bomb", "a.idx.gz", () -> gzipBomb(idx, 1 << 28), "the file is longer"),
                of(
                        "a packed file that promises more than it can hold",
                        "a.idx.gz",
                        () -> gzip(idx(2_000_000, 28, 28, 12)),
                        "packed ones cannot become so many; the file is cut off"),
                of(
                        "a gzip bomb of black images",
                        "a.bin.gz",
                        () -> gzipBomb(new byte[0], 1 << 28),
                        "at most 200 times their packed size, got more"),
                of("a length of no whole images", "a.bin", () -> new byte[3072], "got 0 and 3072 bytes more"),
                of("a label that is none", "a.bin", () -> filled(3073, 10), "got 10 at image 0"),
                of("0 bytes", "a.png", () -> new byte[0], "a.png"),
                of("cut off", "a.png", () -> Arrays.copyOf(png, 44), "a.png"),
                of(
                        "another format",
                        "a.png",
                        () -> "BM, a bitmap".getBytes(StandardCharsets.US_ASCII),
                        "expected a PNG"),
                of("a PNG bomb of 10 billion pixels", "a.png", () -> png(100_000, 100_000), "got 10000000000"),
                of("a JPEG of 65535 x 65535", "a.jpg", MalformedFilesTest::jpeg, "a.jpg"),
                of("a TIFF that refers to itself", "a.tif", MalformedFilesTest::tiff, "a.tif"),
                of("a TIFF of endless pages", "a.tif", MalformedFilesTest::cyclic, "cannot be read as an image ("));
    }

    private static Arguments of(String kind, String name, Content content, String reason) {
        return Arguments.of(kind, name, content, reason);
    }

    @Test
    void there_are_at_least_thirty_of_them() throws IOException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(30);
    }

    private void read(Path file) {
        try (Items items = source(file).open(new Places(folder, folder, scratch), new RandomStreams(1))) {
            Table x = ((Items.Clean) items).x();
            x.rows(IntStream.range(0, x.count()).toArray());
        }
    }

    private DataSource source(Path file) {
        String name = file.getFileName().toString();
        return switch (name.substring(2)) {
            case "npy" -> new NpyItems(file, 0, 0);
            case "npz" -> new NpzItems(file, Optional.empty(), 0, 0);
            case "bin", "bin.gz" -> new Cifar(file, 0, 0);
            case "idx", "idx.gz" -> new IdxItems(file, 0, 0);
            default -> new ImageItems(file.getParent(), 0, 0);
        };
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static byte[] npy(String header, byte[] values) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + text.length + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .put(values)
                .array();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] damaged(byte[] whole, int at) {
        byte[] bytes = whole.clone();
        bytes[at] ^= 0x55;
        return bytes;
    }

    private static byte[] zip(String name, byte[] content, int method) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(packed)) {
            ZipEntry entry = new ZipEntry(name);
            entry.setMethod(method);
            if (method == ZipEntry.STORED) {
                CRC32 sum = new CRC32();
                sum.update(content);
                entry.setSize(content.length);
                entry.setCrc(sum.getValue());
            }
            out.putNextEntry(entry);
            out.write(content);
        }
        return packed.toByteArray();
    }

    /** An archive of about a thousandth of the zeros that it unpacks to. */
    private static byte[] bomb(String name, long zeros, byte[] start) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(packed)) {
            out.putNextEntry(new ZipEntry(name));
            out.write(start);
            zeros(out, zeros);
        }
        return packed.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        return gzipBomb(content, 0);
    }

    private static byte[] gzipBomb(byte[] start, long zeros) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(start);
            zeros(out, zeros);
        }
        return packed.toByteArray();
    }

    private static void zeros(OutputStream out, long count) throws IOException {
        byte[] block = new byte[1 << 20];
        for (long left = count; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(block.length, left));
        }
    }

    private static byte[] idx(int count, int height, int width, int pixels) {
        return ByteBuffer.allocate(16 + pixels)
                .putInt(Idx.IMAGES)
                .putInt(count)
                .putInt(height)
                .putInt(width)
                .array();
    }

    /** A grey PNG that announces a size, and has the pixels of an image of one row. */
    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(
                file,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 0, 0, 0, 0})
                        .array());
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(pixels, new Deflater())) {
            out.write(new byte[(Math.min(width, 100) + 1) * Math.min(height, 3)]);
        }
        chunk(file, "IDAT", pixels.toByteArray());
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] content) throws IOException {
        byte[] named = ByteBuffer.allocate(4 + content.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .array();
        CRC32 sum = new CRC32();
        sum.update(named);
        file.write(ByteBuffer.allocate(4).putInt(content.length).array());
        new ByteArrayInputStream(named).transferTo(file);
        file.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    /** Start, baseline frame header of one 8-bit component, end. */
    private static byte[] jpeg() {
        return new byte[] {-1, (byte) 0xd8, -1, (byte) 0xc0, 0, 11, 8, -1, -1, -1, -1, 1, 1, 0x11, 0, -1, (byte) 0xd9};
    }

    /** A directory of one entry, the image's width, whose next directory is itself. */
    private static byte[] cyclic() {
        return ByteBuffer.allocate(26)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'I', 'I', 42, 0})
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 256)
                .putShort((short) 3)
                .putInt(1)
                .putInt(1)
                .putInt(8)
                .array();
    }

    /** A directory of no entries whose next directory is itself. */
    private static byte[] tiff() {
        return ByteBuffer.allocate(14)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'I', 'I', 42, 0})
                .putInt(8)
                .putShort((short) 0)
                .putInt(8)
                .array();
    }
}
