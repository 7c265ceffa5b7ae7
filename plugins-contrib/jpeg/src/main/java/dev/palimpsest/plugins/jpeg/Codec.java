package dev.palimpsest.plugins.jpeg;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Java's JPEG writer and reader for images of one shape, in memory; for one thread. */
final class Codec implements AutoCloseable {
    private final int channels;
    private final BufferedImage image;
    private final ImageWriter writer =
            ImageIO.getImageWritersByFormatName("jpeg").next();
    private final ImageReader reader =
            ImageIO.getImageReadersByFormatName("jpeg").next();

    Codec(int channels, int height, int width) {
        this.channels = channels;
        int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
        image = new BufferedImage(width, height, type);
    }

    /** Replaces the image in [-1, 1] that begins at this index by what JPEG makes of it. */
    void replace(float[] pixels, int start, int quality) {
        int size = image.getWidth() * image.getHeight();
        WritableRaster raster = image.getRaster();
        int[] bytes = new int[size];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < size; i++) {
                int value = Math.round(127.5f * (pixels[start + channel * size + i] + 1));
                bytes[i] = Math.max(0, Math.min(255, value));
            }
            raster.setSamples(0, 0, image.getWidth(), image.getHeight(), channel, bytes);
        }
        Raster decoded = decode(encode(quality));
        for (int channel = 0; channel < channels; channel++) {
            decoded.getSamples(0, 0, image.getWidth(), image.getHeight(), channel, bytes);
            for (int i = 0; i < size; i++) {
                pixels[start + channel * size + i] = bytes[i] / 127.5f - 1;
            }
        }
    }

    private byte[] encode(int quality) {
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(quality / 100f);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg: Java's writer failed at quality " + quality, e);
        }
        return bytes.toByteArray();
    }

    private Raster decode(byte[] bytes) {
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            return reader.read(0).getRaster();
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg: Java's reader failed on what its writer wrote", e);
        }
    }

    @Override
    public void close() {
        writer.dispose();
        reader.dispose();
    }
}
