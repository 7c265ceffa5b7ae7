package dev.palimpsest.runtime.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The frame of every page: it needs nothing beside it, and allows no script and no network. */
final class Page {
    private Page() {}

    /**
     * A whole page.
     *
     * @param kind a class for the style sheet
     * @param body HTML
     */
    static String of(String title, String kind, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>"""
                + Html.escaped(title)
                + " · Palimpsest</title>\n<style>\n"
                + style()
                + "</style>\n</head>\n<body class=\"" + kind + "\">\n"
                + body
                + "</body>\n</html>\n";
    }

    /** One entry of a list of facts. */
    static String fact(String name, String value) {
        return "<div><dt>" + Html.escaped(name) + "</dt><dd>" + Html.escaped(value) + "</dd></div>";
    }

    /** What a reader must not miss; nothing where there are no warnings. */
    static String warnings(List<String> warnings) {
        return warnings.isEmpty()
                ? ""
                : "<aside>\n<h2>Warnings</h2>\n<ul>\n"
                        + warnings.stream()
                                .map(warning -> "<li>" + Html.escaped(warning) + "</li>\n")
                                .collect(Collectors.joining())
                        + "</ul>\n</aside>\n";
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page's style sheet: " + e.getMessage(), e);
        }
    }
}
