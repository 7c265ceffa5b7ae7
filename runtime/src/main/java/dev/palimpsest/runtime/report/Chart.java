package dev.palimpsest.runtime.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A curve as an inline SVG with axes. */
final class Chart {
    private static final double WIDTH = 360;
    private static final double HEIGHT = 190;
    private static final double LEFT = 52;
    private static final double RIGHT = 12;
    private static final double TOP = 10;
    private static final double BOTTOM = 26;
    private static final int POINTS = 240;
    private static final int DOTS = 30;

    private final List<ReportContent.Point> points;
    private final OptionalDouble level;
    private final boolean logarithmic;
    private final double firstStep;
    private final double lastStep;
    private final double low;
    private final double high;

    private Chart(boolean logarithmic, List<ReportContent.Point> points, OptionalDouble level) {
        this.points = points;
        this.level = level;
        DoubleSummaryStatistics values = DoubleStream.concat(
                        points.stream().mapToDouble(ReportContent.Point::value), level.stream())
                .summaryStatistics();
        double least = values.getMin();
        double most = values.getMax();
        this.logarithmic = logarithmic && least > 0;
        firstStep = Math.min(0, points.get(0).step());
        lastStep = Math.max(points.get(points.size() - 1).step(), firstStep + 1);
        double from = height(least);
        double to = height(most);
        double margin = to > from ? .06 * (to - from) : Math.max(Math.abs(to) * .1, 1e-6);
        low = from - margin;
        high = to + margin;
    }

    /** The SVG, or a sentence where no value is finite. */
    static String svg(ReportContent.Curve curve) {
        List<ReportContent.Point> finite = curve.points().stream()
                .filter(point -> Double.isFinite(point.value()) && Double.isFinite(point.step()))
                .toList();
        return finite.isEmpty()
                ? "<p class=\"note\">No value was recorded.</p>"
                : new Chart(curve.logarithmic(), thinned(finite), curve.level()).draw(curve.title());
    }

    /** Means over runs of neighbours, so that few enough points are left. */
    private static List<ReportContent.Point> thinned(List<ReportContent.Point> points) {
        int run = (points.size() + POINTS - 1) / POINTS;
        List<ReportContent.Point> means = new ArrayList<>();
        for (int from = 0; from < points.size(); from += run) {
            List<ReportContent.Point> some = points.subList(from, Math.min(points.size(), from + run));
            means.add(new ReportContent.Point(
                    some.stream()
                            .mapToDouble(ReportContent.Point::step)
                            .average()
                            .orElseThrow(),
                    some.stream()
                            .mapToDouble(ReportContent.Point::value)
                            .average()
                            .orElseThrow()));
        }
        return means;
    }

    private String draw(String title) {
        StringBuilder svg = new StringBuilder();
        svg.append(Svg.opening(
                WIDTH,
                HEIGHT,
                title + " over training steps, last "
                        + Numbers.of(points.get(points.size() - 1).value())));
        for (double tick : verticalTicks()) {
            double y = y(tick);
            svg.append(Svg.line("grid", LEFT, y, WIDTH - RIGHT, y));
            svg.append(Svg.text(LEFT - 6, y + 4, "end", Numbers.of(tick)));
        }
        for (double tick : Ticks.linear(firstStep, lastStep, 4)) {
            double x = x(tick);
            svg.append(Svg.line("axis", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4));
            svg.append(Svg.text(x, HEIGHT - BOTTOM + 17, x > WIDTH - RIGHT - 20 ? "end" : "middle", Numbers.of(tick)));
        }
        svg.append(Svg.line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM));
        level.ifPresent(value -> svg.append(Svg.line("level", LEFT, y(value), WIDTH - RIGHT, y(value))));
        svg.append("<polyline class=\"curve\" points=\"")
                .append(points.stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.step()), y(point.value())))
                        .collect(Collectors.joining(" ")))
                .append("\"/>");
        if (points.size() <= DOTS) {
            for (ReportContent.Point point : points) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                        x(point.step()),
                        y(point.value())));
            }
        }
        return svg.append("</svg>").toString();
    }

    private double height(double value) {
        return logarithmic ? Math.log10(value) : value;
    }

    private double x(double step) {
        return LEFT + (step - firstStep) / (lastStep - firstStep) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (height(value) - low) / (high - low) * (HEIGHT - BOTTOM - TOP);
    }

    /** Powers of ten where the axis is logarithmic and holds two of them or more. */
    private List<Double> verticalTicks() {
        if (!logarithmic) {
            return Ticks.linear(low, high, 4);
        }
        int first = (int) Math.ceil(low);
        int last = (int) Math.floor(high);
        if (last - first < 1) {
            return Ticks.linear(Math.pow(10, low), Math.pow(10, high), 4);
        }
        int every = Math.max(1, (last - first + 3) / 4);
        return IntStream.rangeClosed(first, last)
                .filter(power -> (last - power) % every == 0)
                .mapToObj(power -> Double.parseDouble("1e" + power))
                .toList();
    }
}
