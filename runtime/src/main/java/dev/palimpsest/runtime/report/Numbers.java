package dev.palimpsest.runtime.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for readers, without trailing zeros; very small and large ones are in powers of ten. */
final class Numbers {
    private Numbers() {}

    /** Rounded to four significant digits. */
    static String of(double value) {
        return rounded(value, 4);
    }

    /** Rounded to two significant digits. */
    static String brief(double value) {
        return rounded(value, 2);
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
        BigDecimal decimal =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int power = decimal.precision() - decimal.scale() - 1;
        String text = decimal.signum() != 0 && (power < -4 || power >= 7)
                ? decimal.scaleByPowerOfTen(-power).toPlainString() + "e" + power
                : decimal.toPlainString();
        return text.replace('-', '−');
    }
}
