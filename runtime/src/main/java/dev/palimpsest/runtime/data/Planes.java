package dev.palimpsest.runtime.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * An image as floats in channel-row-column order.
 *
 * @param channels 1 if it is grey, 3 if it is coloured
 * @param values from -1, black, to 1, white
 */
record Planes(int channels, int height, int width, float[] values) {
    private static final long MOST_PIXELS = 1L << 26;

    String shown() {
        return (channels == 1 ? "grey" : "coloured") + " and " + width + " wide, " + height + " high";
    }

    /** @throws DataException if it is no image, or too large */
    static Planes read(Path file) {
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
