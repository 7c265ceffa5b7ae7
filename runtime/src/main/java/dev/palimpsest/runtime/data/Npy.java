package dev.palimpsest.runtime.data;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** NumPy's .npy files. */
public final class Npy {
    private Npy() {}

    /**
     * Reads a file of versions 1 to 3 in row-major order; integers, booleans and float64 become float32.
     *
     * @return an array of the file's shape, at least one dimension, each at least 1
     * @throws DataException if the file is missing, malformed, cut off, too long, or holds anything but numbers
     */
    public static INDArray read(Path path) {
        try (NpyFile file = NpyFile.open(path)) {
            return file.all();
        }
    }

    /**
     * Reads the first rows of a file, at most so many, in the same way.
     *
     * @throws DataException as {@link #read}
     */
    public static INDArray first(Path path, int most) {
        try (NpyFile file = NpyFile.open(path)) {
            return file.rows(IntStream.range(0, Math.min(most, file.count())).toArray());
        }
    }

    /**
     * Writes an array as float32 in version 1 of the format: beside its place first, renamed when it is whole.
     *
     * @throws FileException if the folder cannot be written to
     */
    public static void write(Path path, INDArray x) {
        try (NpyWriter writer = new NpyWriter(path, x.shape())) {
            writer.append(x);
            writer.finish();
        }
    }
}
