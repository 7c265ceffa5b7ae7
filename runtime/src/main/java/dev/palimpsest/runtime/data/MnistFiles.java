package dev.palimpsest.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The files in which MNIST and its kin are published. */
final class MnistFiles {
    private static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte",
            "train-images-idx3-ubyte.gz",
            "t10k-images-idx3-ubyte",
            "t10k-images-idx3-ubyte.gz");
    private static final int FRAME = 2;
    private static final long[] ITEM = {1, 32, 32};

    private MnistFiles() {}

    /**
     * Opens a file, or from a folder the training images if they are there, else the test images.
     *
     * @return items [1, 32, 32] in [-1, 1]: 28 x 28 in a frame of background, -1
     * @throws DataException if there is no such file, or it holds other images
     */
    static Table open(Path path, Path scratch) {
        Path file = Files.isDirectory(path) ? inside(path) : path;
        Table x = Idx.open(file, FRAME, scratch);
        long[] shape = x.itemShape();
        if (!Arrays.equals(shape, ITEM)) {
            x.close();
            throw new DataException(file + ": expected images of 28 x 28, got " + (shape[1] - 2 * FRAME) + " x "
                    + (shape[2] - 2 * FRAME) + "; use data type idx for other sizes");
        }
        return x;
    }

    private static Path inside(Path folder) {
        return NAMES.stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new DataException(
                        folder + ": expected one of the files " + String.join(", ", NAMES) + ", got none of them"));
    }
}
