package dev.palimpsest.runtime.report;

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
        StringBuilder table = new StringBuilder("<table class=\"cells\">\n<thead><tr>")
                .append(cell("th", content.axis().isEmpty() ? "seconds" : content.axis()));
        content.parts().forEach(part -> table.append(cell("th", part.name())));
        table.append("</tr></thead>\n<tbody>\n");
        List<CostContent.Curve> curves = content.parts().get(0).curves();
        for (int i = 0; i < curves.size(); i++) {
            for (int j = 0; j < curves.get(i).points().size(); j++) {
                String value = curves.get(i).points().get(j).value();
                table.append("<tr>")
                        .append(cell("td", (value + " " + curves.get(i).name()).strip()));
                for (CostContent.Part part : content.parts()) {
                    double seconds = part.curves().get(i).points().get(j).seconds();
                    table.append(cell("td", Numbers.of(seconds)));
                }
                table.append("</tr>\n");
            }
        }
        return table.append("</tbody>\n</table>\n").toString();
    }

    private static String cell(String tag, String text) {
        return "<" + tag + ">" + Html.escaped(text) + "</" + tag + ">";
    }
}
