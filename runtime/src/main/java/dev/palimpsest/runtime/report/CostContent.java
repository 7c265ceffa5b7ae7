package dev.palimpsest.runtime.report;

import java.util.List;

/**
 * What a page of costs shows.
 *
 * @param axis what varies along the plots; empty where nothing does
 * @param parts of a training step, each with its own plot; all have the same curves with the same points
 */
public record CostContent(String axis, List<Part> parts) {
    /**
     * One part of a step.
     *
     * @param curves one for each combination of what else varies
     */
    public record Part(String name, List<Curve> curves) {}

    /** @param name empty where nothing else varies */
    public record Curve(String name, List<Point> points) {}

    /**
     * A measurement.
     *
     * @param value what stands on the axis: a number, a shape such as 3x64x64, or a word
     * @param seconds above 0
     */
    public record Point(String value, double seconds) {}
}
