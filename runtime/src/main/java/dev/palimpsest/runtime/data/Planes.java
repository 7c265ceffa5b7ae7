package dev.palimpsest.runtime.data;

/**
 * One image as floats in channel-row-column order, black at -1 and white at 1.
 *
 * @param channels 1 if it is grey, 3 if it is coloured
 * @param values channels * height * width of them
 */
public record Planes(int channels, int height, int width, float[] values) {
    public Planes {
        if (channels < 1 || height < 1 || width < 1 || values.length != (long) channels * height * width) {
            throw new IllegalArgumentException("expected channels * height * width values, got " + values.length
                    + " for " + channels + " x " + height + " x " + width);
        }
    }

    /** Whether another image has as many channels, rows and columns. */
    boolean isLike(Planes other) {
        return channels == other.channels && height == other.height && width == other.width;
    }

    /** Its colours and size in words. */
    String shown() {
        return (channels == 1 ? "grey" : "coloured") + " and " + width + " wide, " + height + " high";
    }
}
