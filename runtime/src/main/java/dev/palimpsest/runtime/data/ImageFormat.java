package dev.palimpsest.runtime.data;

/**
 * How an image is stored: what has to be known to write another one in the same way.
 *
 * @param bits of a sample: 8 or 16
 * @param channels 1 if it is grey, 3 if it is coloured
 */
public record ImageFormat(Kind kind, int bits, int channels) {
    /** The kinds of files. */
    public enum Kind {
        PNG("png"),
        /** With 8 bits a sample; what is written loses a little. */
        JPEG("jpeg"),
        TIFF("tiff");

        /** The name by which Java's readers and writers know it, where others may know it by another. */
        private final String known;

        Kind(String known) {
            this.known = known;
        }

        String known() {
            return known;
        }
    }

    public ImageFormat {
        if (bits != 8 && (bits != 16 || kind == Kind.JPEG)) {
            throw new IllegalArgumentException("expected 8 bits, or 16 for PNG and TIFF, got " + bits);
        }
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("expected 1 channel or 3, got " + channels);
        }
    }

    /** The same for images of so many channels. */
    public ImageFormat of(int number) {
        return new ImageFormat(kind, bits, number);
    }

    /** The largest sample: 255 or 65535. */
    public int white() {
        return (1 << bits) - 1;
    }

    /** What a sample is read as: 2 v / white - 1. */
    public float value(int sample) {
        return Scale.of(sample, white());
    }
}
