package dev.palimpsest.runtime.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A folder of PNG and JPEG files of one size; transparency is left out. */
final class ImageFolder {
    private static final long MOST_PIXELS = 1L << 26;

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
        List<Path> files = Inputs.files(folder, ".png", ".jpg", ".jpeg");
        if (files.isEmpty()) {
            throw new DataException(folder + ": expected PNG or JPEG images, got none");
        }
        Planes first = planes(files.get(0));
        Values x = new Values(files.size(), first.channels, first.height, first.width);
        for (Path file : files) {
            Planes image = planes(file);
            if (image.channels != first.channels || image.height != first.height || image.width != first.width) {
                throw new DataException(file + ": expected an image like "
                        + files.get(0).getFileName() + ", " + first.shown() + ", got " + image.shown());
            }
            x.append(image.values);
        }
        return x.array();
    }

    /** An image as floats in channel-row-column order. */
    private record Planes(int channels, int height, int width, float[] values) {
        String shown() {
            return (channels == 1 ? "grey" : "coloured") + " and " + width + " wide, " + height + " high";
        }
    }

    private static Planes planes(Path file) {
        BufferedImage image = decode(file);
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(image.getRaster(), palette);
        }
        Raster raster = image.getRaster();
        int channels = raster.getNumBands() < 3 ? 1 : 3;
        return planes(raster, channels, (c, j, i) -> {
            int white = (1 << raster.getSampleModel().getSampleSize(c)) - 1;
            return Scale.of(raster.getSample(j, i, c), white);
        });
    }

    private static Planes ofPalette(Raster raster, IndexColorModel palette) {
        boolean grey = IntStream.range(0, palette.getMapSize())
                .allMatch(i -> palette.getRed(i) == palette.getGreen(i) && palette.getGreen(i) == palette.getBlue(i));
        return planes(raster, grey ? 1 : 3, (c, j, i) -> {
            int index = raster.getSample(j, i, 0);
            int value = c == 0 ? palette.getRed(index) : c == 1 ? palette.getGreen(index) : palette.getBlue(index);
            return Scale.of(value, 255);
        });
    }

    @FunctionalInterface
    private interface Sample {
        float at(int channel, int column, int row);
    }

    private static Planes planes(Raster raster, int channels, Sample sample) {
        int height = raster.getHeight();
        int width = raster.getWidth();
        float[] values = new float[channels * height * width];
        int at = 0;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    values[at++] = sample.at(c, j, i);
                }
            }
        }
        return new Planes(channels, height, width, values);
    }

    private static BufferedImage decode(Path file) {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new DataException(file + ": expected a PNG or JPEG image, got something else");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new DataException(
                            file + ": expected an image of at most " + MOST_PIXELS + " pixels, got " + pixels);
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new DataException(file + ": cannot be read as an image (" + malformed.getMessage() + ")", malformed);
        }
    }
}
