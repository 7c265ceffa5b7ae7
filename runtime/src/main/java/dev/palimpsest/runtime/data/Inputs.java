package dev.palimpsest.runtime.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Looks at the files that a source is to read. */
final class Inputs {
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private Inputs() {}

    /** @throws DataException if the path is no file that can be read */
    static void regular(Path path) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new DataException(path + ": expected a file that can be read, but there is "
                    + (Files.isDirectory(path) ? "a folder" : Files.exists(path) ? "none that can" : "no such file"));
        }
    }

    /** The files of a folder whose lower-case names have one of these endings, sorted by name; hidden ones are left out. */
    static List<Path> files(Path folder, String... endings) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> !name(path).startsWith("."))
                    .filter(path -> Arrays.stream(endings).anyMatch(name(path)::endsWith))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    static String name(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** Whether a file is gzipped, whatever its name. */
    static boolean gzipped(Path path) throws IOException {
        regular(path);
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(GZIP.length), GZIP);
        }
    }

    /** The bytes of a file, unpacked if it is gzipped, whatever its name. */
    static InputStream open(Path path) throws IOException {
        boolean gzipped = gzipped(path);
        InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        if (!gzipped) {
            return in;
        }
        try {
            return new GZIPInputStream(in, 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    static DataException unreadable(Path path, IOException e) {
        return new DataException(
                path
                        + (e instanceof EOFException
                                ? ": is cut off (" + e.getMessage() + ")"
                                : ": cannot be read (" + e + ")"),
                e);
    }
}
