package dev.palimpsest.runtime.report;

import java.util.Locale;

/** The parts of a drawing as SVG elements, whose looks the style sheet has. */
final class Svg {
    private Svg() {}

    /** @param description plain, for those who cannot see the drawing */
    static String opening(double width, double height, String description) {
        return String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">",
                width,
                height,
                Html.escaped(description));
    }

    static String line(String kind, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    /** @param text plain */
    static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x,
                y,
                anchor,
                Html.escaped(text));
    }
}
