package dev.palimpsest.runtime.report;

import java.util.stream.Collectors;

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
        content.parts().forEach(part -> body.append(table(part, content.axis())));
        return Page.of("The time of a training step", "bench", body.toString());
    }

    private static String table(CostContent.Part part, String axis) {
        return "<h2>" + Html.escaped(part.name()) + "</h2>\n<table>\n<thead><tr><th>"
                + Html.escaped(axis.isEmpty() ? "recipe" : axis)
                + "</th><th>seconds</th></tr></thead>\n<tbody>\n"
                + part.curves().stream()
                        .flatMap(curve -> curve.points().stream()
                                .map(point -> "<tr><td>"
                                        + Html.escaped((point.value() + " " + curve.name()).strip())
                                        + "</td><td>" + Numbers.of(point.seconds()) + "</td></tr>\n"))
                        .collect(Collectors.joining())
                + "</tbody>\n</table>\n";
    }
}
