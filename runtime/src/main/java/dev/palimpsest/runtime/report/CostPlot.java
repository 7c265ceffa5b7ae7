package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.Plane.Tick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Seconds against a size, both logarithmic, as an inline SVG; what has no size, such as a word, stands at equal distances. */
final class CostPlot {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 260;
    private static final double LEFT = 62;
    private static final double RIGHT = 14;
    private static final double TOP = 12;
    private static final double BOTTOM = 42;
    private static final double CLOSEST_LABELS = 44;
    private static final double CLOSEST_NAMES = 11;

    private final List<CostContent.Curve> curves;
    private final List<String> values;
    private final boolean sized;
    private final Plane plane;

    private CostPlot(CostContent.Part part) {
        values = part.curves().stream()
                .flatMap(curve -> curve.points().stream().map(CostContent.Point::value))
                .distinct()
                .toList();
        sized = values.stream().allMatch(value -> size(value).isPresent());
        curves = part.curves().stream()
                .map(curve -> new CostContent.Curve(
                        curve.name(),
                        curve.points().stream()
                                .sorted(Comparator.comparingDouble(point -> place(point.value())))
                                .toList()))
                .toList();
        double left = values.stream().mapToDouble(this::place).min().orElseThrow();
        double right = values.stream().mapToDouble(this::place).max().orElseThrow();
        double side = right > left ? .06 * (right - left) : 1;
        ToDoubleFunction<CostContent.Point> height = point -> Math.log10(point.seconds());
        double least = points().stream().mapToDouble(height).min().orElseThrow();
        double most = points().stream().mapToDouble(height).max().orElseThrow();
        double margin = most > least ? .08 * (most - least) : .5;
        plane = new Plane(
                WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, left - side, right + side, least - margin, most + margin);
    }

    /** The SVG of a part with at least one point. */
    static String svg(CostContent.Part part, String axis) {
        return new CostPlot(part).draw(part.name() + ", seconds against " + axis, axis);
    }

    /** A number above 0, or how many numbers a shape such as 3x64x64 has. */
    static OptionalDouble size(String value) {
        return value.matches("[0-9]+(\\.[0-9]+)?([eE]-?[0-9]+)?(x[0-9]+)*")
                ? Arrays.stream(value.split("x")).mapToDouble(Double::parseDouble).reduce((a, b) -> a * b).stream()
                        .filter(size -> size > 0 && Double.isFinite(size))
                        .findFirst()
                : OptionalDouble.empty();
    }

    private String draw(String description, String axis) {
        StringBuilder svg = new StringBuilder(Svg.opening(WIDTH, HEIGHT, description));
        svg.append(plane.grid(heights()));
        svg.append(plane.axis(marks()));
        svg.append(plane.across(axis));
        curves.forEach(curve -> svg.append(drawn(curve)));
        svg.append(names());
        return svg.append("</svg>").toString();
    }

    /** A mark for each value, from the left; of those that are too close to each other the first has its name. */
    private List<Tick> marks() {
        List<Tick> marks = new ArrayList<>();
        double free = 0;
        for (String value :
                values.stream().sorted(Comparator.comparingDouble(this::place)).toList()) {
            boolean named = x(value) >= free;
            marks.add(new Tick(place(value), named ? value : ""));
            free = named ? x(value) + CLOSEST_LABELS : free;
        }
        return marks;
    }

    private String drawn(CostContent.Curve curve) {
        List<CostContent.Point> points = curve.points();
        StringBuilder svg = new StringBuilder(sized ? proportional(points.get(0), last(curve)) : "");
        svg.append("<polyline class=\"curve\" points=\"")
                .append(points.stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.value()), y(point.seconds())))
                        .collect(Collectors.joining(" ")))
                .append("\"/>");
        for (CostContent.Point point : points) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s</title></circle>",
                    x(point.value()),
                    y(point.seconds()),
                    Html.escaped(
                            (curve.name() + " " + point.value() + ": " + Numbers.of(point.seconds()) + " s").strip())));
        }
        return svg.toString();
    }

    /** At the curves' ends, from the highest down, as far as there is room; the dots have them all. */
    private String names() {
        StringBuilder svg = new StringBuilder();
        double free = 0;
        for (CostContent.Curve curve : curves.stream()
                .sorted(Comparator.comparingDouble(curve -> y(last(curve).seconds())))
                .toList()) {
            double height = y(last(curve).seconds()) - 8;
            if (height >= free) {
                svg.append(Svg.text(x(last(curve).value()), height, "end", curve.name()));
                free = height + CLOSEST_NAMES;
            }
        }
        return svg.toString();
    }

    private static CostContent.Point last(CostContent.Curve curve) {
        return curve.points().get(curve.points().size() - 1);
    }

    /** Seconds in proportion to the size, through the last point, as far as the plot reaches. */
    private String proportional(CostContent.Point first, CostContent.Point last) {
        double constant = Math.log10(last.seconds()) - place(last.value());
        double from = Math.max(place(first.value()), plane.low() - constant);
        return Svg.line("level", plane.x(from), plane.y(from + constant), x(last.value()), y(last.seconds()));
    }

    private List<CostContent.Point> points() {
        return curves.stream().flatMap(curve -> curve.points().stream()).toList();
    }

    private List<Tick> heights() {
        return Ticks.logarithmic(plane.low(), plane.high(), 5).stream()
                .map(seconds -> new Tick(Math.log10(seconds), Numbers.of(seconds)))
                .toList();
    }

    private double place(String value) {
        return sized ? Math.log10(size(value).orElseThrow()) : values.indexOf(value);
    }

    private double x(String value) {
        return plane.x(place(value));
    }

    private double y(double seconds) {
        return plane.y(Math.log10(seconds));
    }
}
