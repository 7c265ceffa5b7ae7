package dev.palimpsest.runtime.probe;

import java.util.List;

/**
 * P = c f^-a, the line log P = power + slope (log f - frequency): the spectra of images fall in this way (Field, "Relations between the statistics of natural
 * images and the response properties of cortical cells", JOSA A 4, 1987).
 */
record PowerLaw(double frequency, double power, double slope) {
    /** The logarithms of a frequency and a power, both above 0. */
    record Point(double frequency, double power) {
        static Point of(double frequency, double power) {
            return new Point(Math.log(frequency), Math.log(power));
        }
    }

    /** By least squares of the logarithms; it never rises. 0 through fewer than two points. */
    static PowerLaw through(List<Point> points) {
        if (points.size() < 2) {
            return new PowerLaw(0, Double.NEGATIVE_INFINITY, 0);
        }
        double f = points.stream().mapToDouble(Point::frequency).average().orElseThrow();
        double p = points.stream().mapToDouble(Point::power).average().orElseThrow();
        double together = points.stream()
                .mapToDouble(point -> (point.frequency - f) * (point.power - p))
                .sum();
        double alone = points.stream()
                .mapToDouble(point -> (point.frequency - f) * (point.frequency - f))
                .sum();
        return new PowerLaw(f, p, alone > 0 ? Math.min(0, together / alone) : 0);
    }

    double at(double f) {
        return Math.exp(power + slope * (Math.log(f) - frequency));
    }
}
