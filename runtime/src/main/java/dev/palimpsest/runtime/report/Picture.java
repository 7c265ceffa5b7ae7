package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.data.WholeFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A picture of held-out items.
 *
 * @param name its file name without ".png"
 * @param columns what its columns show, from the left, all of one width
 * @param caption one sentence on what its rows or panels are
 * @param note what else is to be known to read it, the same for all pictures of a run; may be empty
 * @param panels whether its columns can be looked at one by one, rather than row by row
 * @param image the pixels
 */
public record Picture(
        String name, List<String> columns, String caption, String note, boolean panels, BufferedImage image) {
    public Picture {
        columns = List.copyOf(columns);
    }

    /** The picture as a PNG file. */
    public byte[] png() {
        return png(image);
    }

    /** A column as a PNG file. */
    byte[] png(int column) {
        int width = image.getWidth() / columns.size();
        return png(image.getSubimage(column * width, 0, width, image.getHeight()));
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException memoryNeverFails) {
            throw new UncheckedIOException(memoryNeverFails);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes {@code name.png} into a folder, which is made if it does not exist.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public Path write(Path folder) {
        return WholeFile.write(folder.resolve(name + ".png"), png());
    }
}
