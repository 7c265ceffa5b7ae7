package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Several curves in one plane as an inline SVG: a colour for each cell, whose number stands at the curve's end. */
final class LineChart {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 290;
    private static final double LEFT = 60;
    private static final double RIGHT = 26;
    private static final double TOP = 12;
    private static final double BOTTOM = 42;
    private static final double MARGIN = .06;

    /** From this ratio of the largest to the smallest on, the horizontal axis has powers of two. */
    private static final double WIDE = 8;

    /** Colours follow each other by the golden angle in degrees, so that any number of them lie apart. */
    private static final double GOLDEN_ANGLE = 137.508;

    private final List<Line> lines;
    private final boolean powersOfTwo;
    private final double firstX;
    private final double lastX;
    private final double low;
    private final double high;

    private LineChart(List<Line> lines) {
        this.lines = lines;
        DoubleSummaryStatistics cost = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::cost)
                .summaryStatistics();
        DoubleSummaryStatistics value = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::value)
                .summaryStatistics();
        powersOfTwo = cost.getMin() > 0 && cost.getMax() / cost.getMin() >= WIDE;
        firstX = powersOfTwo ? place(cost.getMin()) : Math.min(0, cost.getMin());
        lastX = Math.max(place(cost.getMax()), firstX + 1e-9);
        double margin = value.getMax() > value.getMin()
                ? MARGIN * (value.getMax() - value.getMin())
                : Math.max(Math.abs(value.getMax()) * MARGIN, 1e-9);
        low = value.getMin() - margin;
        high = value.getMax() + margin;
    }

    /**
     * The SVG.
     *
     * @param lines at least one, each of at least one point, from left to right
     * @param cost what the horizontal axis shows
     * @param description for those who cannot see it
     */
    static String svg(List<Line> lines, String cost, String description) {
        return new LineChart(lines).draw(cost, description);
    }

    /** The colour of a cell. */
    static String colour(int number) {
        return String.format(Locale.ROOT, "hsl(%.0f 65%% 48%%)", number * GOLDEN_ANGLE % 360);
    }

    private String draw(String cost, String description) {
        StringBuilder svg = new StringBuilder(Svg.opening(WIDTH, HEIGHT, description));
        for (double tick : Ticks.linear(low, high, 5)) {
            svg.append(Svg.line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick)));
            svg.append(Svg.text(LEFT - 6, y(tick) + 4, "end", Numbers.of(tick)));
        }
        double ground = HEIGHT - BOTTOM;
        for (double tick : powersOfTwo ? Ticks.powersOfTwo(firstX, lastX, 6) : Ticks.linear(firstX, lastX, 5)) {
            svg.append(Svg.line("axis", x(tick), ground, x(tick), ground + 4));
            svg.append(Svg.text(x(tick), ground + 17, "middle", Numbers.brief(tick)));
        }
        svg.append(Svg.line("axis", LEFT, ground, WIDTH - RIGHT, ground));
        svg.append(Svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle", cost));
        lines.forEach(line -> svg.append(drawn(line)));
        return svg.append("</svg>").toString();
    }

    private String drawn(Line line) {
        String colour = colour(line.number());
        Point last = line.points().get(line.points().size() - 1);
        return "<polyline class=\"path\" stroke=\"" + colour + "\" points=\""
                + line.points().stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.cost()), y(point.value())))
                        .collect(Collectors.joining(" "))
                + "\"/>"
                + line.points().stream()
                        .map(point -> String.format(
                                Locale.ROOT,
                                "<circle fill=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                                colour,
                                x(point.cost()),
                                y(point.value())))
                        .collect(Collectors.joining())
                + Svg.text(x(last.cost()) + 5, y(last.value()) + 4, "start", String.valueOf(line.number()));
    }

    private double place(double x) {
        return powersOfTwo ? Math.log(x) / Math.log(2) : x;
    }

    private double x(double x) {
        return LEFT + (place(x) - firstX) / (lastX - firstX) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double y) {
        return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - BOTTOM - TOP);
    }
}
