package dev.palimpsest.runtime.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The frame of every page: it needs nothing beside it, allows no network, and no script but its own, which sorts tables. It is XML, too. */
final class Page {
    private Page() {}

    /**
     * A whole page.
     *
     * @param kind a class for the style sheet
     * @param body HTML that is well-formed XML
     */
    static String of(String title, String kind, String body) {
        String script = resource("sort.js");
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"""
                + digest(script)
                + """
                '"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"""
                + Html.escaped(title)
                + " · Palimpsest</title>\n<style>\n"
                + resource("report.css")
                + "</style>\n</head>\n<body class=\"" + kind + "\">\n"
                + body
                + "<script>" + script + "</script>\n</body>\n</html>\n";
    }

    /** One entry of a list of facts. */
    static String fact(String name, String value) {
        return "<div><dt>" + Html.escaped(name) + "</dt><dd>" + Html.escaped(value) + "</dd></div>";
    }

    /** A part with a heading; nothing where it has no body. */
    static String section(String id, String title, String body) {
        return body.isEmpty()
                ? ""
                : "<section id=\"" + id + "\">\n<h2>" + Html.escaped(title) + "</h2>\n" + body + "</section>\n";
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

    /** What a table stands in, so that a wide one is scrolled by itself, and not the page. */
    static String scrolled(String description, String table) {
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + Html.escaped(description)
                + "\">\n" + table + "</div>\n";
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the pages' " + name + ": " + e.getMessage(), e);
        }
    }

    /** As a content security policy names a script. */
    private static String digest(String script) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(bytes);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
