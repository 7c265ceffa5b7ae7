package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.Plane.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Points with labels in a plane as an inline SVG; those of a front are joined by steps. */
final class Scatter {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 290;
    private static final double RIGHT = 14;
    private static final double TOP = 12;
    private static final double BOTTOM = 42;
    private static final double RADIUS = 4;
    private static final double LINE = 11;
    private static final int LONGEST_LABEL = 28;
    private static final double LARGE_POWER = 1 << 14;
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /** From this ratio of the largest to the smallest on, the horizontal axis has powers of two. */
    private static final double WIDE = 4;

    /** So many times the range of the points an anchor may lie beyond them and still be drawn. */
    private static final double NEAR = 1;

    /**
     * A point.
     *
     * @param error how far its bar reaches to either side
     * @param label to be written beside it, if there is room
     * @param brief to be written if there is not enough
     */
    record Dot(double x, double y, OptionalDouble error, String label, String brief, boolean front) {}

    /** A dashed horizontal line. */
    record Anchor(String name, double y) {}

    private record Box(double left, double top, double right, double bottom) {
        boolean meets(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    private final List<Dot> dots;
    private final List<Anchor> anchors;
    private final boolean powersOfTwo;
    private final Plane plane;
    private final List<Box> taken = new ArrayList<>();

    private Scatter(List<Dot> dots, List<Anchor> anchors) {
        this.dots = dots;
        double least = dots.stream().mapToDouble(Dot::x).min().orElseThrow();
        double most = dots.stream().mapToDouble(Dot::x).max().orElseThrow();
        powersOfTwo = least > 0 && most / least >= WIDE;
        double from = place(least);
        double to = place(most);
        double side = to > from ? .08 * (to - from) : Math.max(1, Math.abs(to) * .1);
        double lowest = ends().min().orElseThrow();
        double highest = ends().max().orElseThrow();
        double range = highest > lowest ? highest - lowest : Math.max(Math.abs(highest) * .1, 1e-9);
        this.anchors = anchors.stream()
                .filter(anchor -> anchor.y() > lowest - NEAR * range && anchor.y() < highest + NEAR * range)
                .toList();
        double bottom = this.anchors.stream().mapToDouble(Anchor::y).reduce(lowest, Math::min);
        double top = this.anchors.stream().mapToDouble(Anchor::y).reduce(highest, Math::max);
        double margin = top > bottom ? .1 * (top - bottom) : range;
        double low = bottom - margin;
        double high = top + margin;
        plane = new Plane(WIDTH, HEIGHT, left(low, high), RIGHT, TOP, BOTTOM, from - side, to + side, low, high);
    }

    /** Room for the longest name of a height. */
    private static double left(double low, double high) {
        return 12
                + heights(low, high).stream()
                        .mapToDouble(tick -> Plane.CHARACTER * tick.name().length())
                        .max()
                        .orElse(0);
    }

    /**
     * The SVG.
     *
     * @param dots at least one
     * @param cost what the horizontal axis shows
     * @param description for those who cannot see it
     */
    static String svg(List<Dot> dots, List<Anchor> anchors, String cost, String description) {
        return new Scatter(dots, anchors).draw(cost, description);
    }

    private DoubleStream ends() {
        return dots.stream()
                .flatMapToDouble(dot -> DoubleStream.of(
                        dot.y() - dot.error().orElse(0), dot.y() + dot.error().orElse(0)));
    }

    private String draw(String cost, String description) {
        StringBuilder svg = new StringBuilder(Svg.opening(WIDTH, HEIGHT, description));
        svg.append(plane.grid(heights(plane.low(), plane.high())));
        svg.append(plane.axis(costs()));
        svg.append(plane.across(cost));
        svg.append(front());
        dots.forEach(dot -> svg.append(point(dot)));
        anchors.forEach(anchor -> svg.append(line(anchor)));
        anchors.forEach(anchor ->
                svg.append(label(List.of(anchor.name()), places(plane.end(), plane.left(), y(anchor.y())))));
        dots.stream()
                .sorted(Comparator.comparing(dot -> !dot.front()))
                .forEach(dot -> svg.append(
                        label(List.of(shortened(dot.label()), dot.brief()), places(x(dot.x()), y(dot.y())))));
        return svg.append("</svg>").toString();
    }

    private static List<Tick> heights(double low, double high) {
        return Ticks.linear(low, high, 5).stream()
                .map(value -> new Tick(value, Numbers.of(value)))
                .toList();
    }

    private List<Tick> costs() {
        List<Double> costs = powersOfTwo
                ? Ticks.powersOfTwo(plane.firstX(), plane.lastX(), 8)
                : Ticks.linear(plane.firstX(), plane.lastX(), 5);
        return costs.stream()
                .map(cost -> new Tick(place(cost), powersOfTwo ? power(cost) : Numbers.of(cost)))
                .toList();
    }

    private String point(Dot dot) {
        double x = x(dot.x());
        double y = y(dot.y());
        taken.add(new Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS));
        String bar = dot.error().isPresent()
                ? line(
                        "error",
                        x,
                        y(dot.y() - dot.error().getAsDouble()),
                        x,
                        y(dot.y() + dot.error().getAsDouble()))
                : "";
        return bar
                + String.format(
                        Locale.ROOT,
                        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>",
                        dot.front() ? "dot" : "beside",
                        x,
                        y,
                        RADIUS,
                        Html.escaped(dot.label() + ": " + Numbers.of(dot.y()) + " at " + Numbers.of(dot.x())));
    }

    /** Large powers of two as such: their digits would be rounded. */
    private static String power(double value) {
        if (value < LARGE_POWER) {
            return Numbers.of(value);
        }
        return "2"
                + String.valueOf(Math.getExponent(value))
                        .chars()
                        .mapToObj(digit -> String.valueOf(SUPERSCRIPTS.charAt(digit - '0')))
                        .collect(Collectors.joining());
    }

    private String line(Anchor anchor) {
        return line("anchor " + anchor.name(), plane.left(), y(anchor.y()), plane.end(), y(anchor.y()));
    }

    /** A line that no label is to cross. */
    private String line(String kind, double x1, double y1, double x2, double y2) {
        taken.add(new Box(Math.min(x1, x2) - 1, Math.min(y1, y2) - 1, Math.max(x1, x2) + 1, Math.max(y1, y2) + 1));
        return Svg.line(kind, x1, y1, x2, y2);
    }

    /** What is attained at each cost: from each point of the front level to the next one's cost, then to that one. */
    private String front() {
        List<Dot> front = dots.stream()
                .filter(Dot::front)
                .sorted(Comparator.comparingDouble(Dot::x))
                .toList();
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i < front.size(); i++) {
            double corner = x(front.get(i).x());
            double before = y(front.get(i - 1).y());
            lines.append(line("curve", x(front.get(i - 1).x()), before, corner, before));
            lines.append(line("curve", corner, before, corner, y(front.get(i).y())));
        }
        return lines.toString();
    }

    /** The first text at the first place that is free; none if none is. */
    private String label(List<String> texts, List<Place> places) {
        for (String text : texts) {
            for (Place place : places) {
                Box box = box(place, text);
                boolean inside = box.left() >= plane.left()
                        && box.right() <= WIDTH
                        && box.top() >= 0
                        && box.bottom() <= plane.ground();
                if (inside && taken.stream().noneMatch(box::meets)) {
                    taken.add(box);
                    return Svg.text(place.x(), place.y(), place.anchor(), text);
                }
            }
        }
        return "";
    }

    private record Place(double x, double y, String anchor) {}

    /** Beside a point. */
    private static List<Place> places(double x, double y) {
        double aside = RADIUS + 3;
        return List.of(
                new Place(x + aside, y + 4, "start"),
                new Place(x - aside, y + 4, "end"),
                new Place(x, y - aside, "middle"),
                new Place(x, y + aside + LINE - 3, "middle"),
                new Place(x + aside, y - 7, "start"),
                new Place(x + aside, y + 15, "start"),
                new Place(x - aside, y - 7, "end"),
                new Place(x - aside, y + 15, "end"));
    }

    /** Above or below a line, first at its ends. */
    private static List<Place> places(double right, double left, double y) {
        return DoubleStream.of(1, .03, .75, .25, .6, .4)
                .map(share -> left + share * (right - left))
                .boxed()
                .flatMap(x -> Stream.of(
                        new Place(x, y - 4, x == right ? "end" : "start"),
                        new Place(x, y + LINE + 1, x == right ? "end" : "start")))
                .toList();
    }

    private static Box box(Place place, String text) {
        double width = Plane.CHARACTER * text.length();
        double from = switch (place.anchor()) {
            case "start" -> place.x();
            case "end" -> place.x() - width;
            default -> place.x() - width / 2;
        };
        return new Box(from, place.y() - LINE + 2, from + width, place.y() + 2);
    }

    private static String shortened(String label) {
        return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
    }

    private double place(double x) {
        return powersOfTwo ? Math.log(x) / Math.log(2) : x;
    }

    private double x(double x) {
        return plane.x(place(x));
    }

    private double y(double y) {
        return plane.y(y);
    }
}
