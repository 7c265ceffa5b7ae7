package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.HtmlTable.Cell;
import java.util.ArrayList;
import java.util.List;

/** A page with the time of each part of a training step against what was varied, and all numbers in a table. */
public final class CostPage {
    private CostPage() {}

    /** The HTML; it needs nothing beside it. */
    public static String of(CostContent content) {
        StringBuilder body = new StringBuilder("<p class=\"kind\">Bench</p>\n<h1>The time of a training step</h1>\n");
        if (!content.axis().isEmpty()) {
            body.append("<div class=\"plots\">\n");
            for (CostContent.Part part : content.parts()) {
                body.append("<figure>\n<figcaption>")
                        .append(Html.escaped(part.name() + ", seconds"))
                        .append("</figcaption>\n")
                        .append(CostPlot.svg(part, content.axis()))
                        .append("\n</figure>\n");
            }
            body.append("</div>\n<p class=\"note\">Both axes are logarithmic. Dashed: what grows in proportion to ")
                    .append(Html.escaped(content.axis()))
                    .append(" (of a shape, to its numbers), from each curve's last point.</p>\n");
        }
        body.append(table(content));
        return Page.of("The time of a training step", "bench", body.toString());
    }

    private static String table(CostContent content) {
        List<String> head = new ArrayList<>(List.of(content.axis().isEmpty() ? "seconds" : content.axis()));
        content.parts().forEach(part -> head.add(part.name()));
        List<List<Cell>> rows = new ArrayList<>();
        List<CostContent.Curve> curves = content.parts().get(0).curves();
        for (int i = 0; i < curves.size(); i++) {
            for (int j = 0; j < curves.get(i).points().size(); j++) {
                String value = curves.get(i).points().get(j).value();
                List<Cell> row = new ArrayList<>();
                row.add(new Cell((value + " " + curves.get(i).name()).strip(), CostPlot.size(value)));
                for (CostContent.Part part : content.parts()) {
                    row.add(Cell.number(part.curves().get(i).points().get(j).seconds()));
                }
                rows.add(row);
            }
        }
        return new HtmlTable("cells", "table of all times", head, rows).html();
    }
}
