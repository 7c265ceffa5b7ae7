package dev.palimpsest.runtime.report;

import java.util.List;

/** What an axis of a panel shows. */
record Span(double from, double to) {
    private static final double MARGIN = .05;

    /** A coordinate's range over all given items, with a margin; never empty. */
    static Span of(List<Column> columns, int coordinate, int limit) {
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (Column column : columns) {
            if (column.given()) {
                for (float value : column.coordinate(coordinate, limit)) {
                    from = Math.min(from, value);
                    to = Math.max(to, value);
                }
            }
        }
        Span tight = new Span(from, to);
        return tight.widened(tight.width() > 0 ? tight.width() * (1 + 2 * MARGIN) : 1);
    }

    double width() {
        return to - from;
    }

    Span widened(double width) {
        double centre = (from + to) / 2;
        return new Span(centre - width / 2, centre + width / 2);
    }

    /** Where a value lies: 0 at the start, 1 at the end. */
    double share(double value) {
        return (value - from) / width();
    }

    String words() {
        return Numbers.brief(from) + " to " + Numbers.brief(to);
    }
}
