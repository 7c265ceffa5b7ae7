package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes a float32 .npy file part by part, beside its place; {@link #finish} puts the whole file there, {@link #close} removes an unfinished one. */
public final class NpyWriter implements AutoCloseable {
    private static final String PART = ".part";

    private final Path path;
    private final Path beside;
    private final FileChannel channel;
    private final long[] shape;
    private long missing;

    /** @throws FileException if the folder cannot be written to */
    public NpyWriter(Path path, long... shape) {
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
            write(ByteBuffer.wrap(NpyHeader.write(shape)));
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
     * Opens a writer for each of some files of one shape; if one cannot be opened, none is left open.
     *
     * @throws FileException if a folder cannot be written to
     */
    public static List<NpyWriter> all(List<Path> paths, long... shape) {
        List<NpyWriter> writers = new ArrayList<>();
        try {
            for (Path path : paths) {
                writers.add(new NpyWriter(path, shape));
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
            write(bytes);
        } catch (IOException e) {
            throw unwritable(e);
        }
        missing -= values.length;
    }

    /** Removes what writers of this file have left that were killed. */
    static void removeParts(Path path) throws IOException {
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

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private FileException unwritable(IOException e) {
        return new FileException("write " + path, e);
    }
}
