package dev.palimpsest.runtime.report;

import java.util.List;
import java.util.stream.Collectors;

/** A diagnosis as one HTML page that needs nothing beside it, and no network; a script only sorts its table. */
public final class DiagnosisPage {
    private DiagnosisPage() {}

    /** The page. */
    public static String html(DiagnosisContent content) {
        return Page.of(
                content.name() + ", diagnosed",
                "comparison",
                header(content)
                        + Page.section("law", "What becomes of the clean law", findings(content))
                        + Page.section("bands", "In each band", charts(content) + table(content))
                        + Page.section("advice", "Solver, steps and schedule", list(content.advice()))
                        + Page.section("unknowns", "What calls alone cannot tell", list(content.unknowns())));
    }

    private static String header(DiagnosisContent content) {
        return "<header>\n<p class=\"kind\">Palimpsest diagnosis</p>\n<h1>" + Html.escaped(content.name()) + ": "
                + Html.escaped(content.verdict()) + "</h1>\n<dl>"
                + content.facts().stream()
                        .map(fact -> Page.fact(fact.name(), fact.value()))
                        .collect(Collectors.joining())
                + "</dl>\n</header>\n";
    }

    private static String findings(DiagnosisContent content) {
        return "<ul class=\"findings\">\n"
                + content.findings().stream()
                        .map(finding -> "<li><strong>" + Html.escaped(finding.verdict()) + "</strong> "
                                + Html.escaped(finding.sentence()) + "</li>\n")
                        .collect(Collectors.joining())
                + "</ul>\n";
    }

    private static String charts(DiagnosisContent content) {
        return "<div class=\"plots\">\n"
                + content.charts().stream()
                        .map(chart -> "<figure class=\"bands\">" + BandChart.svg(chart) + "<figcaption><b>"
                                + Html.escaped(chart.title()) + "</b>"
                                + legend(chart) + " " + Html.escaped(chart.note()) + "</figcaption></figure>\n")
                        .collect(Collectors.joining())
                + "</div>\n";
    }

    private static String legend(DiagnosisContent.Chart chart) {
        if (chart.series().size() < 2) {
            return ".";
        }
        return ": <span class=\"first\">" + Html.escaped(chart.series().get(0).name())
                + "</span>, <span class=\"second\">"
                + Html.escaped(chart.series().get(1).name()) + "</span>.";
    }

    private static String table(DiagnosisContent content) {
        return new HtmlTable(
                        "cells",
                        "table of all bands",
                        content.head(),
                        content.rows().stream()
                                .map(row ->
                                        row.stream().map(HtmlTable.Cell::text).toList())
                                .toList())
                .html();
    }

    private static String list(List<String> sentences) {
        return "<ul>\n"
                + sentences.stream()
                        .map(sentence -> "<li>" + Html.escaped(sentence) + "</li>\n")
                        .collect(Collectors.joining())
                + "</ul>\n";
    }
}
