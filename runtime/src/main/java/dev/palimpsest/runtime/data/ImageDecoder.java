package dev.palimpsest.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Reads image files with Java's readers, and refuses what these would take too lightly: too many pixels, several pages, a file that is cut off. */
final class ImageDecoder {
    private static final long MOST_PIXELS = 1L << 26;

    /** What a pixel may take at most: four samples of two bytes, three floats, and what the reader holds beside them. */
    private static final int BYTES_A_PIXEL = 64;

    private ImageDecoder() {}

    static ImageFile read(Path file) {
        return read(file, (kind, reader) -> image(file, kind, decoded(file, kind, reader)));
    }

    static int[] size(Path file) {
        return read(file, (kind, reader) -> new int[] {reader.getHeight(0), reader.getWidth(0)});
    }

    private interface Reading<T> {
        T of(ImageFormat.Kind kind, ImageReader reader) throws IOException;
    }

    private static <T> T read(Path file, Reading<T> reading) {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new DataException(file + ": expected a PNG, JPEG or TIFF image, got something else");
            }
            ImageReader reader = readers.next();
            try {
                ImageFormat.Kind kind = kind(file, reader);
                reader.setInput(in, kind != ImageFormat.Kind.TIFF, true);
                return reading.of(kind, reader);
            } finally {
                reader.dispose();
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException malformed) {
            throw new DataException(
                    file + ": cannot be read as an image ("
                            + Optional.ofNullable(malformed.getMessage()).orElse(malformed.toString()) + ")",
                    malformed);
        } catch (OutOfMemoryError promised) {
            throw new DataException(
                    file + ": cannot be read as an image: what it promises does not fit into Java's memory", promised);
        }
    }

    private static ImageFormat.Kind kind(Path file, ImageReader reader) throws IOException {
        String name = reader.getFormatName().toLowerCase(Locale.ROOT);
        return Stream.of(ImageFormat.Kind.values())
                .filter(kind -> kind.known().startsWith(name))
                .findFirst()
                .orElseThrow(() ->
                        new DataException(file + ": expected a PNG, JPEG or TIFF image, got one of kind " + name));
    }

    private static BufferedImage decoded(Path file, ImageFormat.Kind kind, ImageReader reader) throws IOException {
        if (kind == ImageFormat.Kind.TIFF && hasSecond(reader)) {
            throw new DataException(
                    file + ": expected one image in a file, got several; write each into a file of its own");
        }
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_A_PIXEL);
        if (pixels > most) {
            throw new DataException(file + ": expected an image of at most " + most + " pixels"
                    + (most < MOST_PIXELS ? ", for which Java's memory is large enough" : "") + ", got " + pixels);
        }
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        warnings.stream()
                .filter(warning -> warning.toLowerCase(Locale.ROOT).matches(".*(truncated|premature).*"))
                .findFirst()
                .ifPresent(warning -> {
                    throw new DataException(file + ": is cut off (" + warning + ")");
                });
        return image;
    }

    /** Counting them all would not end where a directory's next one is itself. */
    private static boolean hasSecond(ImageReader reader) throws IOException {
        try {
            reader.getWidth(1);
            return true;
        } catch (IndexOutOfBoundsException onlyOne) {
            return false;
        }
    }

    private static ImageFile image(Path file, ImageFormat.Kind kind, BufferedImage image) {
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(kind, raster, palette);
        }
        ColorModel colours = image.getColorModel();
        ImageFormat format = new ImageFormat(kind, bits(file, raster), channels(file, colours));
        return new ImageFile(
                format,
                planes(raster, format.channels(), (c, sample) -> format.value(sample)),
                colours.hasAlpha() ? where(raster, raster.getNumBands() - 1, alpha -> alpha == 0) : new boolean[0]);
    }

    private static ImageFile ofPalette(ImageFormat.Kind kind, Raster raster, IndexColorModel palette) {
        boolean grey = IntStream.range(0, palette.getMapSize())
                .allMatch(i -> palette.getRed(i) == palette.getGreen(i) && palette.getGreen(i) == palette.getBlue(i));
        ImageFormat format = new ImageFormat(kind, 8, grey ? 1 : 3);
        Planes planes = planes(raster, format.channels(), (c, index) -> {
            int value = c == 0 ? palette.getRed(index) : c == 1 ? palette.getGreen(index) : palette.getBlue(index);
            return format.value(value);
        });
        return new ImageFile(
                format,
                planes,
                palette.hasAlpha() ? where(raster, 0, index -> palette.getAlpha(index) == 0) : new boolean[0]);
    }

    private static int channels(Path file, ColorModel colours) {
        return switch (colours.getColorSpace().getType()) {
            case ColorSpace.TYPE_GRAY -> 1;
            case ColorSpace.TYPE_RGB -> 3;
            default ->
                throw new DataException(file + ": expected a grey image or one of red, green and blue, got one of "
                        + colours.getNumColorComponents() + " other components; convert it");
        };
    }

    private static int bits(Path file, Raster raster) {
        int bits = raster.getSampleModel().getSampleSize(0);
        boolean alike = IntStream.of(raster.getSampleModel().getSampleSize()).allMatch(size -> size == bits);
        int type = raster.getSampleModel().getDataType();
        boolean whole = type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT;
        if (!alike || !whole || (bits != 8 && bits != 16)) {
            throw new DataException(file + ": expected samples of 8 or 16 bits without a sign, got "
                    + (whole ? "ones of " + bits + " bits" : "signed ones, fractions or larger ones")
                    + "; convert it");
        }
        return bits;
    }

    /** The value of a channel, from its sample in a file, or where there is a palette the pixel's only one. */
    @FunctionalInterface
    private interface Value {
        float of(int channel, int sample);
    }

    private static Planes planes(Raster raster, int channels, Value value) {
        int height = raster.getHeight();
        int width = raster.getWidth();
        float[] values = new float[channels * height * width];
        int[] samples = new int[width];
        int at = 0;
        for (int c = 0; c < channels; c++) {
            int band = Math.min(c, raster.getNumBands() - 1);
            for (int i = 0; i < height; i++) {
                raster.getSamples(0, i, width, 1, band, samples);
                for (int sample : samples) {
                    values[at++] = value.of(c, sample);
                }
            }
        }
        return new Planes(channels, height, width, values);
    }

    private static boolean[] where(Raster raster, int band, IntPredicate transparent) {
        int[] samples = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, (int[]) null);
        boolean[] found = new boolean[samples.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = transparent.test(samples[i]);
        }
        return found;
    }
}
