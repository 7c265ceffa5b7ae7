package dev.palimpsest.runtime.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where values lie in a drawing, and its grid, its axis and their names as SVG elements.
 *
 * @param width of the whole drawing, in its own units
 * @param left where the plane begins; its names stand before it
 * @param right how far before the drawing's right edge the plane ends
 * @param firstX what lies at its left edge, on the axis' own scale: the logarithm where that is logarithmic
 * @param low what lies at its foot, likewise
 */
record Plane(
        double width,
        double height,
        double left,
        double right,
        double top,
        double bottom,
        double firstX,
        double lastX,
        double low,
        double high) {
    /** How wide a character is, about. */
    static final double CHARACTER = 6.2;

    private static final double TO_NAMES = 6;
    private static final double TO_BASELINE = 4;
    private static final double MARK = 4;
    private static final double TO_TICK_NAMES = 17;

    /**
     * A place on an axis.
     *
     * @param at on the axis' own scale
     */
    record Tick(double at, String name) {}

    double x(double at) {
        return left + (at - firstX) / (lastX - firstX) * (width - left - right);
    }

    double y(double at) {
        return ground() - (at - low) / (high - low) * (ground() - top);
    }

    /** The height of the axis across. */
    double ground() {
        return height - bottom;
    }

    /** Where the plane ends on the right. */
    double end() {
        return width - right;
    }

    /** A line across at each height, and its name before it. */
    String grid(List<Tick> heights) {
        return heights.stream()
                .map(tick -> Svg.line("grid", left, y(tick.at()), end(), y(tick.at()))
                        + Svg.text(left - TO_NAMES, y(tick.at()) + TO_BASELINE, "end", tick.name()))
                .collect(Collectors.joining());
    }

    /** The axis across, a mark at each place, and its name below, which ends at its mark if it would leave the drawing. */
    String axis(List<Tick> places) {
        return Svg.line("axis", left, ground(), end(), ground())
                + places.stream().map(this::mark).collect(Collectors.joining());
    }

    private String mark(Tick tick) {
        double x = x(tick.at());
        boolean fits = x + CHARACTER * tick.name().length() / 2 <= width;
        return Svg.line("axis", x, ground(), x, ground() + MARK)
                + Svg.text(x, ground() + TO_TICK_NAMES, fits ? "middle" : "end", tick.name());
    }

    /** What the axis across shows, under it. */
    String across(String what) {
        return Svg.text((left + end()) / 2, height - TO_NAMES, "middle", what);
    }

    /** A line across the whole plane. */
    String level(String kind, double at) {
        return Svg.line(kind, left, y(at), end(), y(at));
    }
}
