package dev.palimpsest.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;

/** Makes the bytes of image files with Java's writers. */
final class ImageEncoder {
    private static final float JPEG_QUALITY = .95f;

    private ImageEncoder() {}

    static byte[] encode(ImageFormat format, Planes planes) {
        if (format.channels() != planes.channels()) {
            throw new IllegalArgumentException(
                    "expected an image of " + format.channels() + " channels, got " + planes.channels());
        }
        BufferedImage image = image(format, planes);
        ImageWriter writer =
                ImageIO.getImageWritersByFormatName(format.kind().known()).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            IIOMetadata described =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), settings);
            if (format.kind() == ImageFormat.Kind.JPEG) {
                settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                settings.setCompressionQuality(JPEG_QUALITY);
                keepColours(described);
            }
            writer.write(null, new IIOImage(image, null, described), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an image in memory: " + e, e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage image(ImageFormat format, Planes planes) {
        ColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(format.channels() == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
                false,
                false,
                ColorModel.OPAQUE,
                format.bits() == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        WritableRaster raster = colours.createCompatibleWritableRaster(planes.width(), planes.height());
        int[] samples = new int[planes.width()];
        int at = 0;
        for (int c = 0; c < planes.channels(); c++) {
            for (int i = 0; i < planes.height(); i++) {
                for (int j = 0; j < samples.length; j++) {
                    samples[j] = Scale.sample(planes.values()[at++], format.white());
                }
                raster.setSamples(0, i, samples.length, 1, c, samples);
            }
        }
        return new BufferedImage(colours, raster, false, null);
    }

    /** Java's writer keeps half of the colours' rows and columns, whatever the quality, unless it is told to keep all. */
    private static void keepColours(IIOMetadata described) throws IIOInvalidTreeException {
        String name = described.getNativeMetadataFormatName();
        IIOMetadataNode tree = (IIOMetadataNode) described.getAsTree(name);
        Element luminance = (Element) tree.getElementsByTagName("componentSpec").item(0);
        luminance.setAttribute("HsamplingFactor", "1");
        luminance.setAttribute("VsamplingFactor", "1");
        described.setFromTree(name, tree);
    }
}
