package dev.palimpsest.runtime.restore;

import java.util.Locale;

/**
 * How lost values are marked in the input: by a value that all channels of a pixel have, as NaN in any channel, or by transparency.
 *
 * @param value of a sample, in the file's own units: 0 to 255 or 65535 in images
 */
public record LostMark(Kind kind, double value) {
    /** The kinds of marks. */
    public enum Kind {
        VALUE,
        NAN,
        TRANSPARENT
    }

    /**
     * Reads a mark.
     *
     * @param text a number, {@code nan} or {@code transparent}
     * @throws IllegalArgumentException if it is none of these
     */
    public static LostMark of(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "nan":
                return new LostMark(Kind.NAN, Double.NaN);
            case "transparent":
                return new LostMark(Kind.TRANSPARENT, Double.NaN);
            default:
                try {
                    double value = Double.parseDouble(text);
                    if (Double.isFinite(value)) {
                        return new LostMark(Kind.VALUE, value);
                    }
                } catch (NumberFormatException notANumber) {
                    // said below
                }
                throw new IllegalArgumentException("expected a number, nan or transparent, got \"" + text + "\"");
        }
    }

    @Override
    public String toString() {
        return kind == Kind.VALUE ? Double.toString(value) : kind.name().toLowerCase(Locale.ROOT);
    }
}
