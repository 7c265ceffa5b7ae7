package dev.palimpsest.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

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
     * Reads a file, or from a folder the training images if they are there, else the test images.
     *
     * @return [n, 1, 32, 32] in [-1, 1]: 28 x 28 in a frame of background, -1
     * @throws DataException if there is no such file, or it holds other images
     */
    static INDArray read(Path path) {
        Path file = Files.isDirectory(path) ? inside(path) : path;
        INDArray x = Idx.read(file, FRAME);
        if (!Arrays.equals(x.shape(), 1, 4, ITEM, 0, 3)) {
            throw new DataException(file + ": expected images of 28 x 28, got " + (x.size(2) - 2 * FRAME) + " x "
                    + (x.size(3) - 2 * FRAME) + "; use data type idx for other sizes");
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
