package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes a float32 array part by part, beside its place, as a .npy file or as the only array of a .npz file, stored; {@link #finish} puts the whole file
 * there, {@link #close} removes an unfinished one.
 */
public final class NpyWriter implements AutoCloseable {
    private static final String PART = ".part";

    /** The time that all entries have, so that the same array makes the same file. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Path path;
    private final Path beside;
    private final FileChannel channel;
    private final Optional<ZipArchiveOutputStream> archive;
    private final OutputStream out;
    private final long[] shape;
    private long missing;

    /**
     * Begins a .npy file.
     *
     * @throws FileException if the folder cannot be written to
     */
    public NpyWriter(Path path, long... shape) {
        this(path, Optional.empty(), shape);
    }

    /**
     * Begins a file.
     *
     * @param array the name of its array in a .npz file; empty for a .npy file
     * @throws FileException if the folder cannot be written to
     */
    public NpyWriter(Path path, Optional<String> array, long... shape) {
        this.path = path.toAbsolutePath();
        this.shape = shape.clone();
        this.missing = Values.count(shape);
        this.beside =
                this.path.resolveSibling(prefix(path) + ProcessHandle.current().pid() + PART);
        try {
            Files.createDirectories(this.path.getParent());
            channel = FileChannel.open(
                    beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
        try {
            archive = array.isPresent() ? Optional.of(archive(channel, array.get())) : Optional.empty();
            out = archive.isPresent() ? archive.get() : Channels.newOutputStream(channel);
            out.write(NpyHeader.write(shape));
        } catch (IOException e) {
            FileException told = unwritable(e);
            try {
                close();
            } catch (FileException alsoNot) {
                told.addSuppressed(alsoNot);
            }
            throw told;
        }
    }

    /**
     * Opens a writer for each of some files of one kind and shape; if one cannot be opened, none is left open.
     *
     * @throws FileException if a folder cannot be written to
     */
    public static List<NpyWriter> all(List<Path> paths, Optional<String> array, long... shape) {
        List<NpyWriter> writers = new ArrayList<>();
        try {
            for (Path path : paths) {
                writers.add(new NpyWriter(path, array, shape));
            }
            return List.copyOf(writers);
        } catch (RuntimeException e) {
            writers.forEach(NpyWriter::close);
            throw e;
        }
    }

    /** Appends items [n, ...]. */
    public void append(INDArray x) {
        long step = Math.max(1, Values.AT_ONCE * x.size(0) / x.length());
        for (long from = 0; from < x.size(0); from += step) {
            append(Values.of(x, from, Math.min(from + step, x.size(0))));
        }
    }

    /** Appends the values of items, in row-major order. */
    void append(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        try {
            out.write(bytes.array());
        } catch (IOException e) {
            throw unwritable(e);
        }
        missing -= values.length;
    }

    /** Removes what writers of this file have left that were killed. */
    public static void removeParts(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> parts = Files.newDirectoryStream(
                    folder,
                    file -> file.getFileName().toString().startsWith(prefix(path))
                            && file.getFileName().toString().endsWith(PART))) {
                for (Path part : parts) {
                    Files.delete(part);
                }
            }
        }
    }

    private static String prefix(Path path) {
        return "." + path.getFileName() + ".";
    }

    /** Puts the file in its place, once it is safely on disk. */
    public void finish() {
        if (missing != 0) {
            throw new IllegalStateException(
                    path + " is to have the shape " + Arrays.toString(shape) + ", " + missing + " values are missing");
        }
        try {
            if (archive.isPresent()) {
                archive.get().closeArchiveEntry();
                archive.get().finish();
            }
            channel.force(true);
            channel.close();
            WholeFile.put(beside, path);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void close() {
        try {
            try {
                channel.close();
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** An archive as numpy.savez writes it, of one array; the sizes, and the checksum, are put in at its end. */
    private static ZipArchiveOutputStream archive(FileChannel channel, String array) throws IOException {
        ZipArchiveOutputStream archive = new ZipArchiveOutputStream(channel);
        ZipArchiveEntry entry = new ZipArchiveEntry(array + Npz.NPY);
        entry.setMethod(ZipArchiveEntry.STORED);
        entry.setTimeLocal(EPOCH);
        archive.putArchiveEntry(entry);
        return archive;
    }

    private FileException unwritable(IOException e) {
        return new FileException("write " + path, e);
    }
}
