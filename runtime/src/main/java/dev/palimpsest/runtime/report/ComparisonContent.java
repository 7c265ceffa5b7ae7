package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that the page of a comparison says.
 *
 * @param name the recipe's name
 * @param unit what an entry is called: "cell"
 * @param facts what holds for all cells
 * @param axes the keys of the grid's axes
 * @param cost what the plots' horizontal axes show: "network calls for each restored item"
 * @param scores the scores, each of which is a column and a plot
 * @param entries one a cell
 * @param curves how far training had come, each against one cost; lines without a point are none
 * @param pictures what the cells made of the same items
 * @param differences what their recipes differ in, where the axes do not say it
 */
public record ComparisonContent(
        String name,
        String unit,
        List<Fact> facts,
        List<String> axes,
        String cost,
        List<Column> scores,
        List<Entry> entries,
        List<Curves> curves,
        List<Picture> pictures,
        List<Difference> differences) {

    /**
     * A key in which recipes differ.
     *
     * @param values as written, in the order of the entries; empty where a recipe has no such key
     */
    public record Difference(String key, List<String> values) {
        public Difference {
            values = List.copyOf(values);
        }
    }

    /**
     * What was reached in training, after how much of a cost.
     *
     * @param quality "distance to the truth"
     * @param better which way it points
     * @param cost "seconds of training"
     * @param logarithmic whether the quality's axis is, if all its values are positive
     */
    public record Curves(String quality, Score.Better better, String cost, boolean logarithmic, List<Line> lines) {
        public Curves {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A run of a cell.
     *
     * @param number the cell's
     * @param points at least one, from left to right
     */
    public record Line(int number, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A checkpoint. */
    public record Point(double cost, double value) {}

    /** A score, and which way it points. */
    public record Column(String name, Score.Better better) {}

    /**
     * A score of a cell.
     *
     * @param value its mean over the seeds
     * @param standardError of that mean, with more than one seed
     * @param ofMeans the score of the posterior means, where there are any
     */
    public record Value(
            double value,
            OptionalDouble standardError,
            OptionalDouble ofMeans,
            OptionalDouble pValue,
            OptionalDouble identity,
            OptionalDouble floor) {}

    /**
     * A cell.
     *
     * @param number from 1
     * @param values what it has on each axis
     * @param remark why there are no figures, or not of all seeds; empty if there is nothing to say
     * @param warnings of its runs
     * @param cost where its points lie on the plots' horizontal axes
     * @param restoringCalls network calls for each restored item
     * @param steps training steps
     * @param seconds of a whole run
     * @param scores in the order of the columns
     * @param reports the pages of its runs, as relative addresses
     */
    public record Entry(
            int number,
            List<String> values,
            String remark,
            List<String> warnings,
            OptionalDouble cost,
            OptionalDouble restoringCalls,
            OptionalDouble steps,
            OptionalDouble seconds,
            List<Optional<Value>> scores,
            List<String> reports) {
        public Entry {
            values = List.copyOf(values);
            warnings = List.copyOf(warnings);
            scores = List.copyOf(scores);
            reports = List.copyOf(reports);
        }

        /** Its number and values, in words. */
        String label() {
            return values.isEmpty() ? "cell " + number : String.join(" ", values);
        }
    }

    public ComparisonContent {
        facts = List.copyOf(facts);
        axes = List.copyOf(axes);
        scores = List.copyOf(scores);
        entries = List.copyOf(entries);
        curves = List.copyOf(curves);
        pictures = List.copyOf(pictures);
        differences = List.copyOf(differences);
    }
}
