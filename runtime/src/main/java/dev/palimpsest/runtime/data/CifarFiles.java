package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The binary layout of CIFAR-10: for each image one byte of label, then 1,024 of red, of green and of blue, row by row. */
final class CifarFiles {
    private static final int PIXELS = 3 * 32 * 32;
    private static final int RECORD = 1 + PIXELS;
    private static final int LABELS = 10;
    private static final String GZ = ".gz";

    private CifarFiles() {}

    /**
     * Reads a file, or those of a folder in the order of their names.
     *
     * @return [n, 3, 32, 32] in [-1, 1]
     * @throws DataException if there is no such file, or one is not in this layout
     */
    static INDArray read(Path path) {
        List<byte[]> images = new ArrayList<>();
        for (Path file : Files.isDirectory(path) ? batches(path) : List.of(path)) {
            read(file, images);
        }
        Values x = new Values(images.size(), 3, 32, 32);
        float[] item = new float[PIXELS];
        for (byte[] image : images) {
            for (int i = 0; i < PIXELS; i++) {
                item[i] = Scale.of(image[i + 1]);
            }
            x.append(item);
        }
        return x.array();
    }

    private static List<Path> batches(Path folder) {
        List<Path> files = Inputs.files(folder, ".bin", ".bin" + GZ).stream()
                .filter(file -> !Inputs.name(file).startsWith("test_batch."))
                .toList();
        if (files.isEmpty()) {
            throw new DataException(folder + ": expected files *.bin or *.bin.gz other than test_batch, got none");
        }
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            String name = Inputs.name(file);
            if (!names.add(name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : name)) {
                throw new DataException(
                        file + ": expected each file once, but it is there gzipped and not; remove one");
            }
        }
        return files;
    }

    private static void read(Path file, List<byte[]> images) {
        try (InputStream in = Inputs.open(file)) {
            int before = images.size();
            byte[] image = in.readNBytes(RECORD);
            for (; image.length == RECORD; image = in.readNBytes(RECORD)) {
                int label = image[0] & 0xff;
                if (label >= LABELS) {
                    throw new DataException(
                            file + ": expected the binary layout of CIFAR-10, in which a label is at most "
                                    + (LABELS - 1) + ", got " + label + " at image " + (images.size() - before));
                }
                images.add(image);
            }
            if (image.length > 0 || images.size() == before) {
                throw new DataException(file + ": expected one or more images of " + RECORD + " bytes, got "
                        + (images.size() - before) + " and " + image.length + " bytes more");
            }
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }
}
