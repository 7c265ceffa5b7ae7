package dev.palimpsest.runtime.data;

import java.util.List;
import java.util.Optional;

/**
 * How images are made alike: first scaled, then cut, then their channels.
 *
 * @param resize [height, width] to which they are scaled, each direction by its own factor
 * @param crop [height, width] of the middle, to which they are cut
 * @param channels 1: colours become grey, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601); 3: grey becomes three equal channels
 */
public record Fitting(Optional<List<Integer>> resize, Optional<List<Integer>> crop, Optional<Integer> channels) {
    /** Images are taken as they are. */
    public static final Fitting NONE = new Fitting(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MOST_PIXELS = 1 << 26;

    public Fitting {
        resize.ifPresent(size -> check("resize", size));
        crop.ifPresent(size -> check("crop", size));
        channels.filter(c -> c != 1 && c != 3).ifPresent(c -> {
            throw new IllegalArgumentException("channels must be 1 or 3, got " + c);
        });
    }

    /** @throws IllegalArgumentException if it is no size of an image */
    static void check(String key, List<Integer> size) {
        if (size.size() != 2 || size.stream().anyMatch(n -> n < 1) || (long) size.get(0) * size.get(1) > MOST_PIXELS) {
            throw new IllegalArgumentException(key + " must be [height, width], both at least 1 and of at most "
                    + MOST_PIXELS + " pixels, got " + size);
        }
    }

    /** The [height, width] that an image of such a size becomes. */
    public int[] size(int[] heightAndWidth) {
        return crop.or(() -> resize)
                .map(size -> new int[] {size.get(0), size.get(1)})
                .orElse(heightAndWidth);
    }

    /**
     * Makes an image like the others. Where values are NaN, all that would have a part of them is NaN.
     *
     * @param where the image lies, for messages
     * @throws DataException if the image is smaller than what is to be cut from it
     */
    public Planes fitted(String where, Planes image) {
        Planes scaled = resize.map(size -> Resampling.of(image, size.get(0), size.get(1)))
                .orElse(image);
        Planes cut =
                crop.map(size -> cut(where, scaled, size.get(0), size.get(1))).orElse(scaled);
        return channels.filter(c -> c != cut.channels())
                .map(c -> c == 1 ? grey(cut) : coloured(cut))
                .orElse(cut);
    }

    private static Planes cut(String where, Planes image, int height, int width) {
        if (image.height() < height || image.width() < width) {
            throw new DataException(where + ": expected an image of at least " + width + " wide, " + height
                    + " high, to cut it, got " + image.width() + " wide, " + image.height()
                    + " high; use data.resize, or a smaller data.crop");
        }
        float[] values = new float[image.channels() * height * width];
        int top = (image.height() - height) / 2;
        int left = (image.width() - width) / 2;
        for (int c = 0; c < image.channels(); c++) {
            for (int i = 0; i < height; i++) {
                int from = (c * image.height() + top + i) * image.width() + left;
                System.arraycopy(image.values(), from, values, (c * height + i) * width, width);
            }
        }
        return new Planes(image.channels(), height, width, values);
    }

    private static Planes grey(Planes image) {
        int size = image.height() * image.width();
        float[] rgb = image.values();
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (0.299 * rgb[i] + 0.587 * rgb[size + i] + 0.114 * rgb[2 * size + i]);
        }
        return new Planes(1, image.height(), image.width(), values);
    }

    private static Planes coloured(Planes image) {
        int size = image.height() * image.width();
        float[] values = new float[3 * size];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(image.values(), 0, values, c * size, size);
        }
        return new Planes(3, image.height(), image.width(), values);
    }
}
