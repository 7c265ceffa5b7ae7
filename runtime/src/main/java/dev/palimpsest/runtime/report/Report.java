package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.evaluate.Score;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A run as one HTML page that needs nothing beside it: no script, no network. The same content gives the same bytes. */
public final class Report {
    private static final String WIDE = " class=\"wide\"";

    private Report() {}

    /**
     * Writes the page.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(ReportContent content, Path file) {
        WholeFile.write(file, html(content).getBytes(StandardCharsets.UTF_8));
    }

    /** The page. */
    public static String html(ReportContent content) {
        return Page.of(
                content.name(),
                "run",
                header(content)
                        + Page.warnings(content.warnings())
                        + section(
                                "Restored",
                                content.pictures().stream().map(Report::picture).toList(),
                                "pictures")
                        + scores(content.scores())
                        + section(
                                "Training",
                                content.curves().stream().map(Report::curve).toList(),
                                "curves")
                        + choices(content.choices())
                        + recipe(content)
                        + table("Environment", "facts", List.of("", ""), facts(content))
                        + table("Plugins", "plugins", List.of("plugin", "version", "SHA-256"), plugins(content)));
    }

    private static String header(ReportContent content) {
        String stages = content.seconds().stream()
                .map(stage -> Page.fact(stage.name(), Numbers.duration(stage.seconds())))
                .collect(Collectors.joining());
        return "<header>\n<p class=\"kind\">Palimpsest run</p>\n<h1>" + Html.escaped(content.name()) + "</h1>\n<dl>"
                + Page.fact("seed", String.valueOf(content.seed()))
                + Page.fact("parameters", Numbers.count(content.parameters()))
                + Page.fact("steps", Numbers.count(content.steps()))
                + Page.fact("items seen", Numbers.count(content.itemsSeen()))
                + Page.fact("network calls per item and step", Numbers.of(content.evaluationsPerItem()))
                + stages
                + "</dl>\n</header>\n";
    }

    private static String section(String title, List<String> parts, String kind) {
        return parts.isEmpty()
                ? ""
                : "<section>\n<h2>" + title + "</h2>\n<div class=\"" + kind + "\">\n" + String.join("", parts)
                        + "</div>\n</section>\n";
    }

    private static String picture(Picture picture) {
        int width = picture.image().getWidth();
        String labels = picture.columns().stream()
                .map(label -> "<span>" + Html.escaped(label) + "</span>")
                .collect(Collectors.joining());
        String alt = "Columns: " + String.join(", ", picture.columns()) + ". " + picture.caption();
        return "<figure style=\"--width:" + width + "px\"" + (width > 600 ? WIDE : "") + "><div class=\"labels\">"
                + labels + "</div><img alt=\"" + Html.escaped(alt) + "\" width=\"" + width + "\" height=\""
                + picture.image().getHeight() + "\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(picture.png()) + "\"><figcaption>"
                + Html.escaped(picture.caption()) + "</figcaption></figure>\n";
    }

    private static String curve(ReportContent.Curve curve) {
        return "<figure><figcaption>" + Html.escaped(curve.title()) + "</figcaption>" + Chart.svg(curve)
                + "</figure>\n";
    }

    private static String scores(List<Score> scores) {
        List<List<String>> rows = scores.stream()
                .map(score -> List.of(
                        score.name(),
                        Numbers.of(score.value()),
                        number(score.identity()),
                        number(score.floor()),
                        number(score.pValue())))
                .toList();
        return table("Scores", "scores", List.of("score", "restored", "identity", "floor", "p"), rows)
                + (rows.isEmpty()
                        ? ""
                        : "<p class=\"note\">Identity: the observations taken as restorations. Floor: clean items against other clean items, "
                                + "observations against other observations, or (observation energy) what chance alone passes once in twenty times: no restoration can be told to beat it. "
                                + "p: the probability of such a distance between two samples of one law, by permutation.</p>\n");
    }

    private static String choices(List<ReportContent.Choice> choices) {
        List<List<String>> rows = choices.stream()
                .map(choice -> List.of(
                        choice.by(),
                        Numbers.count(choice.step()),
                        Numbers.of(choice.loss()),
                        Numbers.of(choice.energy()),
                        Numbers.of(choice.pValue()),
                        number(choice.truth())))
                .toList();
        return table(
                        "Checkpoints",
                        "scores",
                        List.of("chosen by", "step", "loss", "observation energy", "p", "distance to the truth"),
                        rows)
                + (rows.isEmpty()
                        ? ""
                        : "<p class=\"note\">The loss falls through the truth toward collapse, and so chooses nothing; it is here to be seen. "
                                + "Distance to the truth: sliced Wasserstein-2 of the restored items to the clean ones, where those are known.</p>\n");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Numbers.of(value.getAsDouble()) : "–";
    }

    private static String recipe(ReportContent content) {
        return "<section>\n<h2>Recipe</h2>\n<pre>" + Html.escaped(content.recipe()) + "</pre>\n</section>\n"
                + (content.commands().isEmpty()
                        ? ""
                        : "<section>\n<h2>Run it again</h2>\n<pre>"
                                + Html.escaped(String.join("\n", content.commands())) + "</pre>\n</section>\n");
    }

    private static List<List<String>> facts(ReportContent content) {
        return content.environment().stream()
                .map(fact -> List.of(fact.name(), fact.value()))
                .toList();
    }

    private static List<List<String>> plugins(ReportContent content) {
        return content.plugins().stream()
                .map(plugin -> List.of(plugin.id(), plugin.version(), plugin.sha256()))
                .toList();
    }

    private static String table(String title, String kind, List<String> head, List<List<String>> rows) {
        return rows.isEmpty()
                ? ""
                : "<section>\n<h2>" + title + "</h2>\n<table class=\"" + kind + "\">\n"
                        + (String.join("", head).isEmpty()
                                ? ""
                                : "<thead>" + row("th scope=\"col\"", "th", head) + "</thead>\n")
                        + "<tbody>\n"
                        + rows.stream().map(cells -> row("td", "td", cells)).collect(Collectors.joining())
                        + "</tbody>\n</table>\n</section>\n";
    }

    private static String row(String open, String close, List<String> cells) {
        return cells.stream()
                .map(cell -> "<" + open + ">" + Html.escaped(cell) + "</" + close + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }
}
