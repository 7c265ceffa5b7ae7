package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** NumPy's .npz files: ZIP archives of .npy files. Those that numpy.savez stores are read where they lie; packed ones are unpacked once. */
final class Npz {
    static final String NPY = ".npy";
    private static final int HEADER = 1 << 17;

    private Npz() {}

    /** The names of a file's arrays, in their order. */
    static List<String> names(Path path) {
        try (ZipFile zip = zip(path)) {
            return arrays(zip).stream().map(Npz::name).toList();
        } catch (IOException e) {
            throw malformed(path, e);
        }
    }

    /**
     * Opens an array.
     *
     * @param array its name; empty for the only one that the file has
     * @throws DataException if the file is no ZIP archive, or has no such array, or it cannot be read
     */
    static NpyFile open(Path path, Optional<String> array, Path scratch) {
        try (ZipFile zip = zip(path)) {
            ZipArchiveEntry entry = entry(path, arrays(zip), array);
            String shown = path + ", array " + name(entry);
            if (entry.getGeneralPurposeBit().usesEncryption() || !zip.canReadEntryData(entry)) {
                throw new DataException(shown + ": expected an array that is stored or deflated, got one that is"
                        + " encrypted or packed in another way; save it with numpy.savez");
            }
            return entry.getMethod() == ZipArchiveEntry.STORED
                    ? stored(path, shown, zip, entry)
                    : packed(shown, zip, entry, scratch);
        } catch (IOException e) {
            throw malformed(path, e);
        }
    }

    private static ZipFile zip(Path path) throws IOException {
        Inputs.regular(path);
        return ZipFile.builder().setPath(path).get();
    }

    private static List<ZipArchiveEntry> arrays(ZipFile zip) {
        return Collections.list(zip.getEntriesInPhysicalOrder()).stream()
                .filter(entry -> entry.getName().endsWith(NPY))
                .toList();
    }

    private static String name(ZipArchiveEntry entry) {
        return entry.getName().substring(0, entry.getName().length() - NPY.length());
    }

    private static ZipArchiveEntry entry(Path path, List<ZipArchiveEntry> arrays, Optional<String> array) {
        List<String> names = arrays.stream().map(Npz::name).toList();
        String has = names.isEmpty()
                ? "none"
                : String.join(", ", names.subList(0, Math.min(20, names.size()))) + (names.size() > 20 ? ", ..." : "");
        if (array.isEmpty() && names.size() != 1) {
            throw new DataException(path + ": expected one array, got " + has
                    + (names.isEmpty() ? "; write it with numpy.savez" : "; say in data.array which to take"));
        }
        int at = array.isEmpty() ? 0 : names.indexOf(array.get());
        if (at < 0) {
            throw new DataException(path + ": expected an array " + array.get() + ", got " + has);
        }
        return arrays.get(at);
    }

    private static NpyFile stored(Path path, String shown, ZipFile zip, ZipArchiveEntry entry) throws IOException {
        try (InputStream findsItsPlace = zip.getRawInputStream(entry)) {
            if (findsItsPlace == null || entry.getDataOffset() < 0) {
                throw new DataException(shown + ": cannot be found in the file");
            }
        }
        long bytes = entry.getSize();
        if (bytes != entry.getCompressedSize() || entry.getDataOffset() > Files.size(path) - bytes) {
            throw new DataException(shown + ": expected " + bytes + " bytes; the file is cut off");
        }
        InPlace place = InPlace.of(path, entry.getDataOffset(), bytes);
        return NpyFile.open(
                shown,
                Positioned.of(FileChannel.open(path, StandardOpenOption.READ)),
                place.offset(),
                bytes,
                Optional.of(place));
    }

    /** Compares the header with the size that the archive announces, before anything is unpacked. */
    private static NpyFile packed(String shown, ZipFile zip, ZipArchiveEntry entry, Path scratch) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] start = in.readNBytes(HEADER);
            NpyHeader.read(
                    shown,
                    entry.getSize(),
                    (position, count) -> Arrays.copyOfRange(start, (int) Math.min(start.length, position), (int)
                            Math.min(start.length, position + count)));
        }
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
            Positioned unpacked = Unpacked.copy(shown, in, scratch, entry.getCompressedSize(), entry.getSize());
            NpyFile file = NpyFile.open(shown, unpacked, 0, unpacked.size(), Optional.empty());
            if (sum.getValue() != entry.getCrc()) {
                file.close();
                throw new DataException(shown + ": is damaged, for its checksum is wrong");
            }
            return file;
        }
    }

    private static DataException malformed(Path path, IOException e) {
        return new DataException(
                path + ": expected a .npz file, a ZIP archive of arrays, but it is none or damaged (" + e.getMessage()
                        + "); write it with numpy.savez",
                e);
    }
}
