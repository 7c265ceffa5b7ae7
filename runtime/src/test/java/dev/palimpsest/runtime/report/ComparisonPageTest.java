package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.evaluate.Score.Better;
import dev.palimpsest.runtime.report.ComparisonContent.Column;
import dev.palimpsest.runtime.report.ComparisonContent.Curves;
import dev.palimpsest.runtime.report.ComparisonContent.Difference;
import dev.palimpsest.runtime.report.ComparisonContent.Entry;
import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import dev.palimpsest.runtime.report.ComparisonContent.Value;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonPageTest {
    private static Value value(double value) {
        return new Value(
                value,
                OptionalDouble.of(.5),
                OptionalDouble.of(7.5),
                OptionalDouble.of(.04),
                OptionalDouble.of(9),
                OptionalDouble.of(3));
    }

    private static Entry entry(int number, String text, double cost, Optional<Value> value) {
        return new Entry(
                number,
                List.of(text),
                value.isPresent() ? "" : text,
                List.of(text),
                value.isPresent() ? OptionalDouble.of(cost) : OptionalDouble.empty(),
                value.isPresent() ? OptionalDouble.of(cost) : OptionalDouble.empty(),
                OptionalDouble.empty(),
                value.isPresent() ? OptionalDouble.of(2) : OptionalDouble.empty(),
                List.of(value),
                value.isPresent() ? List.of("cells/" + number + "/report.html") : List.of());
    }

    private static String page(String text, Better better, List<Entry> entries) {
        return ComparisonPage.html(new ComparisonContent(
                text,
                "cell",
                List.of(new Fact(text, text)),
                List.of(text),
                "calls",
                List.of(new Column(text, better)),
                entries,
                List.of(),
                List.of(),
                List.of(new Difference(text, entries.stream().map(Entry::label).toList()))));
    }

    /** Seconds 1 and 9 are far enough apart for an axis in powers of two: in a frame of 314 from 60 on, 3 is in the middle. */
    @Test
    void what_was_reached_is_a_line_a_run_with_the_cells_number_and_colour_and_told_to_those_who_cannot_see_it() {
        String hostile = "<b>&";
        String page = ComparisonPage.html(new ComparisonContent(
                "name",
                "cell",
                List.of(),
                List.of(hostile),
                "calls",
                List.of(),
                List.of(entry(1, hostile, 4, Optional.of(value(5))), entry(2, "plain", 4, Optional.of(value(5)))),
                List.of(new Curves(
                        "distance",
                        Better.LOWER,
                        "seconds",
                        false,
                        List.of(
                                new Line(1, List.of(new Point(1, 4), new Point(3, 2), new Point(9, 1))),
                                new Line(2, List.of(new Point(9, 3)))))),
                List.of(),
                List.of()));
        assertThat(page)
                .contains(
                        "distance, lower is better, against seconds; cell 1 (&lt;b&gt;&amp;) ends at 1 after 9; cell 2 (plain) ends at 3 after 9")
                .doesNotContain("<b>", "NaN");
        assertThat(found(page, "<polyline class=\"path\"")).hasSize(2);
        assertThat(found(page, "<circle fill=\"hsl[^>]*cx=\"217.0\"")).hasSize(1);
        assertThat(found(page, "<ul class=\"legend\">.*</ul>"))
                .singleElement()
                .asString()
                .contains(LineChart.colour(1), LineChart.colour(2), "1 &lt;b&gt;&amp;", "2 plain");
    }

    private static String page(Better better) {
        return page(
                "score",
                better,
                List.of(
                        entry(1, "cheap", 4, Optional.of(value(5))),
                        entry(2, "worse", 16, Optional.of(value(6))),
                        entry(3, "dear", 64, Optional.of(value(2))),
                        entry(4, "broken", 0, Optional.empty())));
    }

    private static List<String> found(String page, String pattern) {
        return Pattern.compile(pattern)
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void text_that_others_chose_is_escaped_everywhere() {
        String hostile = "<script src=\"https://e.org/x.js\">'&\"</script>";
        String page = page(
                hostile,
                Better.LOWER,
                List.of(entry(1, hostile, 4, Optional.of(value(5))), entry(2, hostile, 4, Optional.empty())));
        assertThat(page).doesNotContain("<script ", "src=\"https").contains("&lt;script", "default-src 'none'");
    }

    @ParameterizedTest
    @CsvSource({"LOWER, 3, dear", "HIGHER, 2, worse", "EQUAL, 3, dear"})
    void the_best_value_of_a_score_is_marked_and_of_a_score_without_direction_the_nearest_to_the_floor(
            Better better, int number, String values) {
        List<String> rows = found(page(better), "<tr><th scope=\"row\">.*</tr>").stream()
                .filter(row -> row.contains("best"))
                .toList();
        assertThat(rows)
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .contains("cells/" + number + "/report.html", "<td class=\"word\">" + values + "</td>"));
    }

    @Test
    void the_front_is_marked_drawn_as_steps_and_told_to_those_who_cannot_see_it() {
        String page = page(Better.LOWER);
        assertThat(found(page, "<circle class=\"dot\"")).hasSize(2);
        assertThat(found(page, "<circle class=\"beside\"")).hasSize(1);
        assertThat(found(page, "<line class=\"curve\"")).hasSize(2);
        assertThat(page)
                .contains(
                        "aria-label=\"score, lower is better, identity 9, floor 3; against calls, 3 cells; Pareto front: cheap (4, 5), dear (64, 2)\"");
    }

    @Test
    void the_score_of_the_posterior_means_stands_under_that_of_the_restored_items() {
        assertThat(found(page(Better.LOWER), "<br/><small>mean 7.5</small></td>"))
                .hasSize(3);
    }

    @Test
    void a_score_without_direction_has_anchors_and_no_front() {
        String page = page(Better.EQUAL);
        assertThat(page).contains("should equal the floor").doesNotContain("class=\"curve\"", "class=\"dot\"");
        assertThat(found(page, "<line class=\"anchor ")).hasSize(2);
    }

    @Test
    void the_reason_of_a_failed_cell_takes_the_place_of_its_figures() {
        assertThat(page(Better.LOWER)).contains("<td class=\"remark\" colspan=\"3\"><div>broken</div></td>");
    }

    /** From left to right, 4 to 16 to 64 are equal steps of log2. */
    @Test
    void a_wide_range_of_costs_has_an_axis_in_powers_of_two() {
        double[] x = found(page(Better.LOWER), "<circle class=\"\\w+\" cx=\"[0-9.]+\"").stream()
                .mapToDouble(circle -> Double.parseDouble(circle.replaceAll(".*cx=\"|\"$", "")))
                .sorted()
                .toArray();
        assertThat(x[2] - x[1]).isCloseTo(x[1] - x[0], org.assertj.core.api.Assertions.within(.11));
        assertThat(page(Better.LOWER)).contains(">4</text>", ">16</text>", ">64</text>");
    }

    @Test
    void labels_that_would_overlap_are_left_out() {
        List<Entry> crowd = IntStream.rangeClosed(1, 200)
                .mapToObj(i -> entry(i, "solver number " + i, 8, Optional.of(value(5))))
                .toList();
        List<String> labels = found(page("score", Better.LOWER, crowd), ">solver number \\d+</text>");
        assertThat(labels).hasSizeBetween(1, 10);
    }

    @Test
    void one_cell_equal_scores_and_no_score_at_all_are_drawn_too() {
        Entry alone = entry(1, "alone", 0, Optional.of(value(0)));
        assertThat(Stream.of(
                        page("score", Better.LOWER, List.of(alone)),
                        page("score", Better.LOWER, List.of(alone, entry(2, "same", 0, Optional.of(value(0))))),
                        page("score", Better.LOWER, List.of(entry(1, "broken", 0, Optional.empty())))))
                .allSatisfy(page -> assertThat(page).contains("</html>").doesNotContain("NaN", "Infinity"));
    }
}
