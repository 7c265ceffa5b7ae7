package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import dev.palimpsest.runtime.report.Plane.Tick;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Curves in one plane as an inline SVG: one alone in the page's own colour, several in a colour each, whose number stands at the curve's end. What is not finite is
 * not drawn; of many neighbours their mean is.
 */
final class LineChart {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 250;
    private static final double LEFT = 60;
    private static final double RIGHT = 26;
    private static final double TOP = 12;
    private static final double BOTTOM = 42;
    private static final double MARGIN = .06;
    private static final int POINTS = 240;
    private static final int DOTS = 30;

    /** From this ratio of the largest to the smallest on, an axis that may have powers of two has them. */
    private static final double WIDE = 8;

    /** Colours follow each other by the golden angle in degrees, so that any number of them lie apart. */
    private static final double GOLDEN_ANGLE = 137.508;

    /**
     * How the axes are.
     *
     * @param cost what the one across shows
     * @param doubling whether the one across has powers of two, if its values are positive and far apart
     * @param logarithmic whether the one upwards is, if all its values are positive
     * @param level a value to compare with, drawn as a dashed line
     */
    record Axes(String cost, boolean doubling, boolean logarithmic, OptionalDouble level) {}

    private final List<Line> lines;
    private final Axes axes;
    private final boolean powersOfTwo;
    private final boolean logarithmic;
    private final Plane plane;

    private LineChart(List<Line> lines, Axes axes) {
        this.lines = lines;
        this.axes = axes;
        DoubleSummaryStatistics cost = statistics(Point::cost);
        DoubleSummaryStatistics value = statistics(Point::value);
        value.combine(axes.level().stream().summaryStatistics());
        powersOfTwo = axes.doubling() && cost.getMin() > 0 && cost.getMax() / cost.getMin() >= WIDE;
        logarithmic = axes.logarithmic() && value.getMin() > 0;
        double firstX = powersOfTwo ? place(cost.getMin()) : Math.min(0, cost.getMin());
        double low = height(value.getMin());
        double high = height(value.getMax());
        double margin = high > low ? MARGIN * (high - low) : Math.max(Math.abs(high) * MARGIN, 1e-9);
        plane = new Plane(
                WIDTH,
                HEIGHT,
                LEFT,
                RIGHT,
                TOP,
                BOTTOM,
                firstX,
                Math.max(place(cost.getMax()), firstX + 1e-9),
                low - margin,
                high + margin);
    }

    /**
     * The SVG, or a sentence where no value is finite.
     *
     * @param lines from left to right
     * @param description for those who cannot see it
     */
    static String svg(List<Line> lines, Axes axes, String description) {
        List<Line> drawn = lines.stream()
                .map(line -> new Line(line.number(), thinned(finite(line.points()))))
                .filter(line -> !line.points().isEmpty())
                .toList();
        return drawn.isEmpty()
                ? "<p class=\"note\">No value was recorded.</p>"
                : new LineChart(drawn, axes).draw(description);
    }

    /** The colour of a cell. */
    static String colour(int number) {
        return String.format(Locale.ROOT, "hsl(%.0f 65%% 48%%)", number * GOLDEN_ANGLE % 360);
    }

    private static List<Point> finite(List<Point> points) {
        return points.stream()
                .filter(point -> Double.isFinite(point.cost()) && Double.isFinite(point.value()))
                .toList();
    }

    /** Means over runs of neighbours, so that few enough points are left. */
    private static List<Point> thinned(List<Point> points) {
        int run = (points.size() + POINTS - 1) / POINTS;
        List<Point> means = new ArrayList<>();
        for (int from = 0; from < points.size(); from += run) {
            List<Point> some = points.subList(from, Math.min(points.size(), from + run));
            means.add(new Point(mean(some, Point::cost), mean(some, Point::value)));
        }
        return means;
    }

    private static double mean(List<Point> points, ToDoubleFunction<Point> of) {
        return points.stream().mapToDouble(of).average().orElseThrow();
    }

    private DoubleSummaryStatistics statistics(ToDoubleFunction<Point> of) {
        return lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(of)
                .summaryStatistics();
    }

    private String draw(String description) {
        StringBuilder svg = new StringBuilder(Svg.opening(WIDTH, HEIGHT, description));
        svg.append(plane.grid(heights()));
        svg.append(plane.axis(places()));
        svg.append(plane.across(axes.cost()));
        axes.level().ifPresent(level -> svg.append(plane.level("level", height(level))));
        boolean alone = lines.size() == 1 && lines.get(0).number() == 0;
        lines.forEach(line -> svg.append(drawn(line, alone)));
        return svg.append("</svg>").toString();
    }

    private List<Tick> heights() {
        Stream<Double> values = logarithmic
                ? Ticks.logarithmic(plane.low(), plane.high(), 4).stream()
                : Ticks.linear(plane.low(), plane.high(), 4).stream();
        return values.map(value -> new Tick(height(value), Numbers.of(value))).toList();
    }

    private List<Tick> places() {
        List<Double> values = powersOfTwo
                ? Ticks.powersOfTwo(plane.firstX(), plane.lastX(), 6)
                : Ticks.linear(plane.firstX(), plane.lastX(), 5);
        return values.stream()
                .map(value -> new Tick(place(value), powersOfTwo ? Numbers.brief(value) : Numbers.of(value)))
                .toList();
    }

    private String drawn(Line line, boolean alone) {
        String colour = colour(line.number());
        Point last = line.points().get(line.points().size() - 1);
        String kind = alone ? "class=\"curve\"" : "class=\"path\" stroke=\"" + colour + "\"";
        return "<polyline " + kind + " points=\""
                + line.points().stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point), y(point)))
                        .collect(Collectors.joining(" "))
                + "\"/>"
                + (line.points().size() > DOTS ? "" : dots(line, alone ? "class=\"dot\"" : "fill=\"" + colour + "\""))
                + (alone ? "" : Svg.text(x(last) + 5, y(last) + 4, "start", String.valueOf(line.number())));
    }

    private String dots(Line line, String kind) {
        return line.points().stream()
                .map(point -> String.format(
                        Locale.ROOT, "<circle %s cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>", kind, x(point), y(point)))
                .collect(Collectors.joining());
    }

    private double place(double cost) {
        return powersOfTwo ? Math.log(cost) / Math.log(2) : cost;
    }

    private double height(double value) {
        return logarithmic ? Math.log10(value) : value;
    }

    private double x(Point point) {
        return plane.x(place(point.cost()));
    }

    private double y(Point point) {
        return plane.y(height(point.value()));
    }
}
