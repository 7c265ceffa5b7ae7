package dev.palimpsest.runtime.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays by name and a text, in one file: a zip of float32 .npy entries, as numpy.savez writes it, and two texts. It is written whole and is safely on
 * disk before it has its name; each entry has a checksum (CRC-32), which reading compares.
 *
 * @param arrays by name
 * @param text what else there is to keep
 */
public record ArrayArchive(SortedMap<String, INDArray> arrays, String text) {
    private static final String ARRAY = ".npy";
    private static final String TEXT = "text.json";
    private static final String NAMES = "names.txt";
    private static final int BUFFER = 1 << 18;

    /**
     * Writes the file.
     *
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        WholeFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER));
            zip.setLevel(Deflater.NO_COMPRESSION);
            write(TEXT, text, zip);
            write(NAMES, names(arrays), zip);
            for (Map.Entry<String, INDArray> entry : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ARRAY));
                write(entry.getValue(), zip);
            }
            zip.finish();
            zip.flush();
        });
    }

    private static String names(SortedMap<String, INDArray> arrays) {
        return String.join("\n", arrays.keySet());
    }

    private static void write(String name, String text, ZipOutputStream zip) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(INDArray array, OutputStream out) throws IOException {
        out.write(NpyHeader.write(array.shape()));
        INDArray flat = array.reshape('c', new long[] {array.length()});
        for (long from = 0; from < flat.length(); from += Values.AT_ONCE) {
            float[] values = Values.of(flat, from, Math.min(from + Values.AT_ONCE, flat.length()));
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            out.write(bytes.array());
        }
    }

    /**
     * Reads a file that {@link #write} wrote.
     *
     * @throws DataException if it is cut off or damaged, or no such file
     */
    public static ArrayArchive read(Path file) {
        SortedMap<String, INDArray> arrays = new TreeMap<>();
        Map<String, String> texts = new HashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                CheckedInputStream checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
                BufferedInputStream in = new BufferedInputStream(checked, BUFFER);
                if (name.endsWith(ARRAY)) {
                    arrays.put(name.substring(0, name.length() - ARRAY.length()), array(file, entry, in));
                } else {
                    texts.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
                if (in.read() >= 0 || checked.getChecksum().getValue() != entry.getCrc()) {
                    throw new DataException(file + ": " + name + " is damaged: its checksum is another one");
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(file + ": cut off or damaged (" + e.getMessage() + ")", e);
        }
        if (!texts.keySet().equals(Set.of(TEXT, NAMES)) || !texts.get(NAMES).equals(names(arrays))) {
            throw new DataException(file + ": damaged: it does not have the arrays that it should, but "
                    + String.join(", ", arrays.keySet()));
        }
        return new ArrayArchive(arrays, texts.get(TEXT));
    }

    private static INDArray array(Path file, ZipEntry entry, InputStream in) {
        Positioned bytes = Positioned.inOrder(in, entry.getSize());
        try (NpyFile array = NpyFile.open(file + ": " + entry.getName(), bytes, 0, entry.getSize(), Optional.empty())) {
            return array.all();
        }
    }
}
