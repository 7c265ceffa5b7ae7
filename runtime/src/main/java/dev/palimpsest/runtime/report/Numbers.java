package dev.palimpsest.runtime.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for readers. */
final class Numbers {
    private Numbers() {}

    /** Four significant digits, in powers of ten where it is very small or large. */
    static String of(double value) {
        return rounded(value, 4);
    }

    /** Two significant digits. */
    static String brief(double value) {
        return rounded(value, 2);
    }

    /** A number of few digits, as short as it can be. */
    static String tick(double value) {
        String digits = rounded(value, 6);
        return digits.contains(".") && !digits.contains("e") ? digits.replaceAll("\\.?0+$", "") : digits;
    }

    /** A count in thousands: 12,345. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Seconds below two minutes, then minutes and seconds, then hours and minutes. */
    static String duration(double seconds) {
        if (seconds < 120) {
            return rounded(seconds, 3) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 7200
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private static String rounded(double value, int digits) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e7)) {
            return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
        }
        BigDecimal decimal = new BigDecimal(value).round(new MathContext(digits));
        return (decimal.scale() < 0 || decimal.signum() == 0 ? decimal.setScale(0) : decimal)
                .toPlainString()
                .replace('-', '−');
    }
}
