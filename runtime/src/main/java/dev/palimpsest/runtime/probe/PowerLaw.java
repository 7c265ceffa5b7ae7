package dev.palimpsest.runtime.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * P = c f^-a, fitted to the last powers that were seen: the spectra of images fall in this way (Field, "Relations between the statistics of natural images
 * and the response properties of cortical cells", JOSA A 4, 1987).
 */
final class PowerLaw {
    private static final int LAST = 3;

    private final List<Double> frequencies = new ArrayList<>();
    private final List<Double> powers = new ArrayList<>();

    /** The next higher frequency, above 0, and its power, above 0. */
    void add(double frequency, double power) {
        frequencies.add(Math.log(frequency));
        powers.add(Math.log(power));
    }

    /** By least squares of the logarithms of the last three, or two; it never rises. 0 where fewer are known. */
    double at(double frequency) {
        int n = Math.min(LAST, powers.size());
        if (n < 2) {
            return 0;
        }
        double f = mean(frequencies, n);
        double p = mean(powers, n);
        double together = 0;
        double alone = 0;
        for (int i = powers.size() - n; i < powers.size(); i++) {
            together += (frequencies.get(i) - f) * (powers.get(i) - p);
            alone += (frequencies.get(i) - f) * (frequencies.get(i) - f);
        }
        return Math.exp(p + Math.min(0, together / alone) * (Math.log(frequency) - f));
    }

    private static double mean(List<Double> values, int last) {
        return values.subList(values.size() - last, values.size()).stream()
                .mapToDouble(value -> value)
                .average()
                .orElseThrow();
    }
}
