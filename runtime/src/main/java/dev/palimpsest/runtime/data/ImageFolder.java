package dev.palimpsest.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A folder of PNG, JPEG and TIFF files of one size; transparency is left out. */
final class ImageFolder {
    private ImageFolder() {}

    /**
     * Reads all images, in the order of their names.
     *
     * @return [n, channels, height, width] in [-1, 1]; one channel if they are grey, three if they are coloured
     * @throws DataException if there are none, one cannot be read, or they are not all alike
     */
    static INDArray read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder, got "
                    + (Files.exists(folder) ? "something else" : "a path at which there is nothing"));
        }
        List<Path> files = Inputs.files(folder, ImageFile.ENDINGS);
        if (files.isEmpty()) {
            throw new DataException(folder + ": expected PNG, JPEG or TIFF images, got none");
        }
        Planes first = ImageFile.read(files.get(0)).planes();
        Values x = new Values(files.size(), first.channels(), first.height(), first.width());
        for (Path file : files) {
            Planes image = ImageFile.read(file).planes();
            if (!image.isLike(first)) {
                throw new DataException(file + ": expected an image like "
                        + files.get(0).getFileName() + ", " + first.shown() + ", got " + image.shown());
            }
            x.append(image.values());
        }
        return x.array();
    }
}
