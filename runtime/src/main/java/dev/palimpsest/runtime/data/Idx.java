package dev.palimpsest.runtime.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** IDX files of images, the format of MNIST: magic number 2051, count, height, width (32 bits, big-endian), then one byte a pixel; may be gzipped. */
final class Idx {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    private Idx() {}

    /**
     * Reads all images.
     *
     * @param frame how many pixels of background, -1, to put around each
     * @return [n, 1, height + 2 frame, width + 2 frame] in [-1, 1]
     * @throws DataException if the file is missing, no IDX file of images, cut off or too long
     */
    static INDArray read(Path path, int frame) {
        try (DataInputStream in = new DataInputStream(Inputs.open(path))) {
            int magic = in.readInt();
            if (magic != IMAGES) {
                throw new DataException(path + ": expected an IDX file of images (magic number " + IMAGES + "), got "
                        + (magic == LABELS ? "one of labels" : "the magic number " + magic));
            }
            int count = in.readInt();
            int height = in.readInt();
            int width = in.readInt();
            byte[] pixels = in.readNBytes(size(path, count, height, width));
            if (pixels.length < (long) count * height * width || in.read() >= 0) {
                throw new DataException(path + ": expected " + count + " images of " + height + " x " + width
                        + " pixels, but the file is "
                        + (pixels.length < (long) count * height * width ? "cut off" : "longer"));
            }
            return images(pixels, count, height, width, frame);
        } catch (EOFException e) {
            throw new DataException(path + ": expected an IDX file of images, but the file is cut off", e);
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }

    private static int size(Path path, int count, int height, int width) {
        if (count >= 1 && height >= 1 && width >= 1 && height <= Integer.MAX_VALUE / width) {
            long size = (long) count * (height * width);
            if (size <= Integer.MAX_VALUE - 8) {
                return (int) size;
            }
        }
        throw new DataException(path + ": expected at least one image and at most 2 GiB of pixels, got " + count
                + " images of " + height + " x " + width);
    }

    private static INDArray images(byte[] pixels, int count, int height, int width, int frame) {
        int rows = height + 2 * frame;
        int columns = width + 2 * frame;
        Values x = new Values(count, 1, rows, columns);
        for (int n = 0; n < count; n++) {
            float[] image = new float[rows * columns];
            Arrays.fill(image, -1);
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    image[(i + frame) * columns + j + frame] = Scale.of(pixels[(n * height + i) * width + j]);
                }
            }
            x.append(image);
        }
        return x.array();
    }
}
