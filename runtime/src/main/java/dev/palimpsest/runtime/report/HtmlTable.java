package dev.palimpsest.runtime.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table as HTML: a click on a head sorts it, where scripts run. The first cell of each row is its heading.
 *
 * @param kind a class for the style sheet
 * @param head the columns' names; all empty for a table without a head, which cannot be sorted
 */
record HtmlTable(String kind, String description, List<String> head, List<List<Cell>> rows) {
    /**
     * A cell.
     *
     * @param shown plain
     * @param value by which it is sorted, if not by what is shown
     */
    record Cell(String shown, OptionalDouble value) {
        static Cell text(String text) {
            return new Cell(text, OptionalDouble.empty());
        }

        static Cell number(double value) {
            return new Cell(Numbers.of(value), OptionalDouble.of(value));
        }

        static Cell number(OptionalDouble value) {
            return value.isPresent() ? number(value.getAsDouble()) : text("–");
        }

        static Cell count(long value) {
            return new Cell(Numbers.count(value), OptionalDouble.of(value));
        }
    }

    /** The table; nothing where it has no rows. */
    String html() {
        if (rows.isEmpty()) {
            return "";
        }
        boolean headed = !String.join("", head).isEmpty();
        return Page.scrolled(
                description,
                "<table class=\"" + kind + (headed ? " sortable" : "") + "\">\n" + (headed ? thead() : "") + "<tbody>\n"
                        + rows.stream().map(HtmlTable::row).collect(Collectors.joining())
                        + "</tbody>\n</table>\n");
    }

    private String thead() {
        return head.stream()
                .map(name -> "<th scope=\"col\">" + Html.escaped(name) + "</th>")
                .collect(Collectors.joining("", "<thead><tr>", "</tr></thead>\n"));
    }

    private static String row(List<Cell> cells) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> cell(cells.get(i), i == 0 ? "th" : "td", i == 0 ? " scope=\"row\"" : ""))
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    private static String cell(Cell cell, String tag, String scope) {
        return "<" + tag + scope + value(cell.value()) + ">" + Html.escaped(cell.shown()) + "</" + tag + ">";
    }

    /** The attribute by which a cell is sorted. */
    static String value(OptionalDouble value) {
        return value.isPresent() ? " data-value=\"" + value.getAsDouble() + "\"" : "";
    }
}
