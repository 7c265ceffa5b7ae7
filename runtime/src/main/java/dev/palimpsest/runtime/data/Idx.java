package dev.palimpsest.runtime.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** IDX files of images, the format of MNIST: magic number 2051, count, height, width (32 bits, big-endian), then one byte a pixel; may be gzipped. */
final class Idx {
    static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;
    private static final int HEADER = 16;
    private static final int MOST_PIXELS = 1 << 26;

    private Idx() {}

    private record Header(int count, int height, int width) {
        long bytes() {
            return HEADER + (long) count * height * width;
        }
    }

    /**
     * Opens the images.
     *
     * @param frame how many pixels of background, -1, to put around each
     * @return items [1, height + 2 frame, width + 2 frame] in [-1, 1]
     * @throws DataException if the file is missing, no IDX file of images, cut off or too long
     */
    static Table open(Path path, int frame, Path scratch) {
        Header header = header(path);
        Positioned bytes = Unpacked.open(path, scratch, header.bytes());
        ByteImages.Part part = new ByteImages.Part(path, bytes, HEADER, header.count);
        try {
            if (bytes.size() != header.bytes()) {
                throw new DataException(path + ": expected " + header.count + " images of " + header.height + " x "
                        + header.width + " pixels, but the file is "
                        + (bytes.size() < header.bytes() ? "cut off" : "longer"));
            }
        } catch (DataException e) {
            ByteImages.close(List.of(part));
            throw e;
        } catch (IOException e) {
            ByteImages.close(List.of(part));
            throw Inputs.unreadable(path, e);
        }
        return new ByteImages(List.of(part), 0, (file, number, record) -> {}, 1, header.height, header.width, frame);
    }

    private static Header header(Path path) {
        try (DataInputStream in = new DataInputStream(Inputs.open(path))) {
            int magic = in.readInt();
            if (magic != IMAGES) {
                throw new DataException(path + ": expected an IDX file of images (magic number " + IMAGES + "), got "
                        + (magic == LABELS ? "one of labels" : "the magic number " + magic));
            }
            Header header = new Header(in.readInt(), in.readInt(), in.readInt());
            if (header.count < 1
                    || header.height < 1
                    || header.width < 1
                    || (long) header.height * header.width > MOST_PIXELS) {
                throw new DataException(path + ": expected at least one image, and at most " + MOST_PIXELS
                        + " pixels in each, got " + header.count + " images of " + header.height + " x "
                        + header.width);
            }
            return header;
        } catch (EOFException e) {
            throw new DataException(path + ": expected an IDX file of images, but the file is cut off", e);
        } catch (IOException e) {
            throw Inputs.unreadable(path, e);
        }
    }
}
