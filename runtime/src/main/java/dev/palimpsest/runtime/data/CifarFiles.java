package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The binary layout of CIFAR-10: for each image one byte of label, then 1,024 of red, of green and of blue, row by row. */
final class CifarFiles {
    static final int RECORD = 1 + 3 * 32 * 32;
    private static final int LABELS = 10;
    private static final String GZ = ".gz";

    private CifarFiles() {}

    /**
     * Opens a file, or those of a folder in the order of their names.
     *
     * @return items [3, 32, 32] in [-1, 1]
     * @throws DataException if there is no such file, or one is not in this layout
     */
    static Table open(Path path, Path scratch) {
        List<ByteImages.Part> parts = new ArrayList<>();
        try {
            for (Path file : Files.isDirectory(path) ? batches(path) : List.of(path)) {
                parts.add(part(file, scratch));
            }
            return new ByteImages(parts, 1, CifarFiles::label, 3, 32, 32, 0);
        } catch (RuntimeException e) {
            ByteImages.close(parts);
            throw e;
        }
    }

    /** The files of a folder that hold training images. */
    static List<Path> batches(Path folder) {
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

    private static ByteImages.Part part(Path file, Path scratch) {
        Positioned bytes = Unpacked.openImages(file, scratch);
        ByteImages.Part part;
        try {
            part = new ByteImages.Part(file, bytes, 0, (int) Math.min(Integer.MAX_VALUE, bytes.size() / RECORD));
            long rest = bytes.size() - (long) part.count() * RECORD;
            if (part.count() == 0 || rest > 0) {
                bytes.close();
                throw new DataException(file + ": expected one or more images of " + RECORD + " bytes, got "
                        + part.count() + " and " + rest + " bytes more");
            }
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
        return part;
    }

    private static void label(Path file, int number, byte[] record) {
        int label = record[0] & 0xff;
        if (label >= LABELS) {
            throw new DataException(file + ": expected the binary layout of CIFAR-10, in which a label is at most "
                    + (LABELS - 1) + ", got " + label + " at image " + number);
        }
    }
}
