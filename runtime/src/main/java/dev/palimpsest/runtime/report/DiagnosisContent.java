package dev.palimpsest.runtime.report;

import java.util.List;

/**
 * All that a diagnosis says.
 *
 * @param name of the recipe
 * @param verdict those of the findings, the worst first
 * @param facts what F is
 * @param findings what becomes of the clean law
 * @param advice which solver and schedule
 * @param unknowns what calls alone cannot tell
 * @param charts over the bands
 * @param head of the table of bands
 * @param rows of the table, a cell for each of the head
 */
public record DiagnosisContent(
        String name,
        String verdict,
        List<ReportContent.Fact> facts,
        List<Finding> findings,
        List<String> advice,
        List<String> unknowns,
        List<Chart> charts,
        List<String> head,
        List<List<String>> rows) {
    /** A sentence under a word. */
    public record Finding(String verdict, String sentence) {}

    /**
     * Values over the bands.
     *
     * @param logarithmic whether the vertical axis is
     * @param level where a dashed line is drawn; NaN for none
     * @param note one sentence under it
     */
    public record Chart(String title, boolean logarithmic, double level, List<Series> series, String note) {}

    /**
     * One value for each band.
     *
     * @param set lines join values of one set only: the bands of one direction
     * @param label of the band, short
     * @param value not finite: left out
     */
    public record Point(int set, String label, double value) {}

    /** Points that belong together. */
    public record Series(String name, List<Point> points) {}
}
