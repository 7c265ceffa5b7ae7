package dev.palimpsest.runtime.diagnose;

import java.util.List;
import java.util.Locale;

/** Numbers and lists as they are written for readers. */
final class Words {
    private static final int SHOWN = 4;

    private Words() {}

    /** Three significant digits. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        if (Double.isInfinite(value)) {
            return "infinite";
        }
        double size = Math.abs(value);
        if (size >= 1e6 || (size > 0 && size < 1e-3)) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    /** A whole number. */
    static String count(double value) {
        return value >= 1e6 ? String.format(Locale.ROOT, "%.1e", value) : String.format(Locale.ROOT, "%,.0f", value);
    }

    /** The first few, and how many more there are. */
    static String list(List<String> names) {
        return names.size() <= SHOWN
                ? String.join("; ", names)
                : String.join("; ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
    }
}
