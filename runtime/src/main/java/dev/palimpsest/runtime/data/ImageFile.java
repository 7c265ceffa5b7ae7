package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One PNG, JPEG or TIFF file, of 8 or 16 bits a sample, grey or coloured; palettes are looked up, and transparency is left out of the values.
 *
 * @param format how it is stored; fewer than 8 bits a sample, and palettes, count as 8
 * @param planes its values: a sample v is 2 v / white - 1
 * @param transparent for each pixel, row by row, whether it is wholly transparent; empty if the file knows no transparency
 */
public record ImageFile(ImageFormat format, Planes planes, boolean[] transparent) {
    /** The endings of the files that are taken as images, in lower case. */
    static final String[] ENDINGS = {".png", ".jpg", ".jpeg", ".tif", ".tiff"};

    /**
     * Reads one.
     *
     * @throws DataException if it cannot be read, is not one such image, or has more pixels than the memory is for; the header tells before anything is
     *     decoded
     */
    public static ImageFile read(Path file) {
        Inputs.regular(file);
        return ImageDecoder.read(file);
    }

    /**
     * The [height, width] that its header tells.
     *
     * @throws DataException if it cannot be read, or is not one such image
     */
    public static int[] size(Path file) {
        Inputs.regular(file);
        return ImageDecoder.size(file);
    }

    /**
     * Writes values as a file in a format, as a whole or not at all: those below -1 or above 1 are clamped, and all are rounded to the nearest sample. What
     * was read from PNG and TIFF is written as it was; JPEG has quality .95 and colours at full resolution.
     *
     * @throws IllegalArgumentException if the planes have other channels than the format, or a value is NaN
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void write(Path file, ImageFormat format, Planes planes) {
        WholeFile.write(file, ImageEncoder.encode(format, planes));
    }

    /** Does the same, but for the name, which is on disk only after {@link WholeFile#forceFolder}. */
    public static void writeOneOfMany(Path file, ImageFormat format, Planes planes) {
        WholeFile.writeOneOfMany(file, ImageEncoder.encode(format, planes));
    }

    /**
     * The image files under a folder, in folders of folders too, links followed, sorted by their paths; hidden ones are left out.
     *
     * @throws DataException if the folder cannot be read
     */
    public static List<Path> under(Path folder) {
        try (Stream<Path> tree = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(file -> isImage(file) && !hidden(folder.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Inputs.unreadable(folder, e);
        } catch (UncheckedIOException e) {
            throw Inputs.unreadable(folder, e.getCause());
        }
    }

    /** Whether a file's name ends as that of an image. */
    public static boolean isImage(Path file) {
        return Stream.of(ENDINGS).anyMatch(Inputs.name(file)::endsWith);
    }

    private static boolean hidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
