package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.runtime.report.CostContent.Curve;
import dev.palimpsest.runtime.report.CostContent.Part;
import dev.palimpsest.runtime.report.CostContent.Point;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CostPageTest {
    private static String page(String axis, Point... points) {
        return CostPage.of(new CostContent(axis, List.of(new Part("step", List.of(new Curve("", List.of(points)))))));
    }

    /** The numbers in the groups of what the pattern finds first. */
    private static double[] numbers(String page, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(page);
        assertThat(found.find()).isTrue();
        return IntStream.rangeClosed(1, found.groupCount())
                .mapToObj(found::group)
                .flatMap(group -> Stream.of(group.split("[ ,]")))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double[] curve(String page) {
        return numbers(page, "<polyline class=\"curve\" points=\"([^\"]*)\"");
    }

    /** On logarithmic axes both are one straight line; coordinates are rounded to .1, so that a difference of two is off by up to .1, and two of these by .2. */
    @Test
    void what_grows_in_proportion_lies_on_the_dashed_line() {
        String page = page("train.batch", new Point("100", 10), new Point("1", .1), new Point("10", 1));
        double[] curve = curve(page);
        assertThat(curve[2] - curve[0])
                .isCloseTo(curve[4] - curve[2], within(.21))
                .isPositive();
        assertThat(curve[3] - curve[1])
                .isCloseTo(curve[5] - curve[3], within(.21))
                .isNegative();
        double[] dashed =
                numbers(page, "class=\"level\" x1=\"([^\"]*)\" y1=\"([^\"]*)\" x2=\"([^\"]*)\" y2=\"([^\"]*)\"");
        assertThat(dashed).containsExactly(curve[0], curve[1], curve[4], curve[5]);
    }

    @Test
    void shapes_stand_where_the_count_of_their_numbers_is() {
        double[] shapes = curve(page("item", new Point("1x4x4", 1), new Point("3x4x4", 2), new Point("4x4x4", 3)));
        double[] counts = curve(page("item", new Point("16", 1), new Point("48", 2), new Point("64", 3)));
        assertThat(shapes).isEqualTo(counts);
    }

    @Test
    void words_stand_at_equal_distances_without_a_line_of_proportion() {
        String page = page("drift.type", new Point("mlp", 1), new Point("unet", 2), new Point("other", 4));
        double[] curve = curve(page);
        assertThat(curve[2] - curve[0]).isCloseTo(curve[4] - curve[2], within(.21));
        assertThat(page).doesNotContain("<line class=\"level\"").contains(">unet</text>");
    }

    @Test
    void a_single_measurement_has_a_table_and_no_plot() {
        String page = page("", new Point("", .25));
        assertThat(page).doesNotContain("<svg").contains(">0.25</td>");
    }

    @Test
    void what_others_wrote_is_shown_and_not_obeyed() {
        String page = page("<script>", new Point("<b>1", 1), new Point("0", 2), new Point("1e999", 3));
        assertThat(page.split("<script>", -1)).as("the page's own script alone").hasSize(2);
        assertThat(page).doesNotContain("<b>1").contains("&lt;script&gt;", "&lt;b&gt;1");
    }

    @Test
    void the_table_has_a_row_for_each_measurement_and_a_column_for_each_part() {
        List<Curve> forward = List.of(
                new Curve("batch=1", List.of(new Point("16", 1), new Point("32", 2))),
                new Curve("batch=2", List.of(new Point("16", 3), new Point("32", 4))));
        List<Curve> step = List.of(
                new Curve("batch=1", List.of(new Point("16", 5), new Point("32", 6))),
                new Curve("batch=2", List.of(new Point("16", 7), new Point("32", 8))));
        String page =
                CostPage.of(new CostContent("channels", List.of(new Part("forward", forward), new Part("step", step))));
        assertThat(page)
                .contains(
                        "<tr><th scope=\"col\">channels</th><th scope=\"col\">forward</th><th scope=\"col\">step</th></tr>",
                        "<tr><th scope=\"row\" data-value=\"16.0\">16 batch=1</th><td data-value=\"1.0\">1</td><td data-value=\"5.0\">5</td></tr>",
                        "<tr><th scope=\"row\" data-value=\"32.0\">32 batch=2</th><td data-value=\"4.0\">4</td><td data-value=\"8.0\">8</td></tr>");
        assertThat(page.split("<svg", -1)).hasSize(3);
    }
}
