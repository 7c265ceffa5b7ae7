package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.HtmlTable.Cell;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What needs no learning beside what was learned, as a table. */
final class SimpleTable {
    private SimpleTable() {}

    /** Nothing where there are no rows. */
    static String html(List<SimpleScore> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        List<String> metrics = rows.stream()
                .flatMap(row -> row.scores().keySet().stream())
                .distinct()
                .toList();
        List<String> head = new ArrayList<>(List.of("estimate"));
        head.addAll(metrics);
        return new HtmlTable(
                                "scores",
                                "table of simple estimates",
                                head,
                                rows.stream().map(row -> cells(row, metrics)).toList())
                        .html()
                + "<p class=\"note\">Against the clean items, on "
                + Numbers.count(rows.get(0).items())
                + " held-out items. All but restored and mean need no learning.</p>\n"
                + rows.stream()
                        .filter(row -> !row.about().isEmpty())
                        .map(row -> "<p class=\"note\">" + Html.escaped(row.name() + ": " + row.about()) + ".</p>\n")
                        .collect(Collectors.joining());
    }

    private static List<Cell> cells(SimpleScore row, List<String> metrics) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.text(row.name())));
        metrics.forEach(metric -> cells.add(Cell.number(row.score(metric))));
        return cells;
    }
}
