package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import dev.palimpsest.runtime.report.HtmlTable.Cell;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run as one HTML page that needs nothing beside it, and no network; a script only sorts its tables. The same content gives the same bytes. */
public final class Report {
    private static final int HEADLINES = 4;
    private static final int WIDE = 600;

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
                        + Page.section("question", "The question", paragraphs(content.question()))
                        + Page.section(
                                "result", "The result", headlines(content.scores()) + paragraphs(content.result()))
                        + Page.section("restored", "Restored", pictures(content.pictures()))
                        + Page.section("scores", "Scores", scores(content.scores()))
                        + Page.section("simple", "Beside simple estimates", SimpleTable.html(content.simple()))
                        + Page.section("bands", "In each band", BandTable.html(content.bands()))
                        + Page.section("training", "Training", training(content))
                        + Page.section("checkpoints", "Checkpoints", choices(content.choices()))
                        + Page.section("recipe", "Recipe", preformatted(content.recipe()))
                        + Page.section("again", "Run it again", again(content.commands()))
                        + Page.section("costs", "What it took", facts("costs", content.costs()))
                        + Page.section("environment", "Environment", facts("environment", content.environment()))
                        + Page.section("plugins", "Plugins", plugins(content)));
    }

    private static String header(ReportContent content) {
        return "<header>\n<p class=\"kind\">Palimpsest run</p>\n<h1>" + Html.escaped(content.name()) + "</h1>\n<dl>"
                + content.facts().stream()
                        .map(fact -> Page.fact(fact.name(), fact.value()))
                        .collect(Collectors.joining())
                + "</dl>\n</header>\n";
    }

    private static String paragraphs(List<String> sentences) {
        return sentences.stream()
                .map(sentence -> "<p>" + Html.escaped(sentence) + "</p>\n")
                .collect(Collectors.joining());
    }

    /** The first scores in large figures. */
    private static String headlines(List<Score> scores) {
        return scores.isEmpty()
                ? ""
                : scores.stream()
                        .limit(HEADLINES)
                        .map(Report::headline)
                        .collect(Collectors.joining("", "<div class=\"headlines\">\n", "</div>\n"));
    }

    private static String headline(Score score) {
        String anchors = Stream.of(
                        beside("mean", score.mean()),
                        beside("observed", score.identity()),
                        beside("floor", score.floor()))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" · "));
        return "<div><b>" + Numbers.of(score.value()) + "</b><span>" + Html.escaped(score.name() + way(score))
                + "</span><small>" + Html.escaped(anchors) + "</small></div>\n";
    }

    private static String beside(String name, OptionalDouble value) {
        return value.isPresent() ? name + " " + Numbers.of(value.getAsDouble()) : "";
    }

    /** Pictures with their columns' names over them; what must be known to read them is said once. */
    static String pictures(List<Picture> pictures) {
        return pictures.isEmpty()
                ? ""
                : pictures.stream()
                                .map(picture -> picture.panels() ? panels(picture) : picture(picture))
                                .collect(Collectors.joining("", "<div class=\"pictures\">\n", "</div>\n"))
                        + pictures.stream()
                                .map(Picture::note)
                                .filter(note -> !note.isEmpty())
                                .distinct()
                                .map(note -> "<p class=\"note\">" + Html.escaped(note) + "</p>\n")
                                .collect(Collectors.joining());
    }

    private static String picture(Picture picture) {
        int width = picture.image().getWidth();
        String labels = picture.columns().stream()
                .map(label -> "<span>" + Html.escaped(label) + "</span>")
                .collect(Collectors.joining());
        String alt = "Columns: " + String.join(", ", picture.columns()) + ". " + picture.caption();
        return "<figure style=\"--width:" + width + "px\"" + (width > WIDE ? " class=\"wide\"" : "")
                + "><div class=\"labels\">" + labels + "</div>"
                + img(alt, width, picture.image().getHeight(), picture.png()) + caption(picture) + "</figure>\n";
    }

    /** A column each, side by side as far as there is room. */
    private static String panels(Picture picture) {
        int width = picture.image().getWidth() / picture.columns().size();
        StringBuilder panels = new StringBuilder("<figure class=\"panels\">");
        for (int column = 0; column < picture.columns().size(); column++) {
            String label = picture.columns().get(column);
            panels.append("<div><span>")
                    .append(Html.escaped(label))
                    .append("</span>")
                    .append(img(
                            label + ": " + picture.caption(),
                            width,
                            picture.image().getHeight(),
                            picture.png(column)))
                    .append("</div>");
        }
        return panels.append(caption(picture)).append("</figure>\n").toString();
    }

    private static String img(String alt, int width, int height, byte[] png) {
        return "<img alt=\"" + Html.escaped(alt) + "\" width=\"" + width + "\" height=\"" + height
                + "\" src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png) + "\"/>";
    }

    private static String caption(Picture picture) {
        return "<figcaption>" + Html.escaped(picture.caption()) + "</figcaption>";
    }

    private static String training(ReportContent content) {
        String curves = content.curves().stream().map(Report::curve).collect(Collectors.joining());
        return (curves.isEmpty() ? "" : "<div class=\"plots\">\n" + curves + "</div>\n")
                + (content.noCurves().isEmpty()
                        ? ""
                        : "<p class=\"note\">" + Html.escaped(content.noCurves()) + "</p>\n");
    }

    private static String curve(ReportContent.Curve curve) {
        List<Point> points = curve.points().stream()
                .map(point -> new Point(point.step(), point.value()))
                .toList();
        String description = curve.title() + " over training steps"
                + (points.isEmpty()
                        ? ""
                        : ", from " + Numbers.of(points.get(0).value()) + " to "
                                + Numbers.of(points.get(points.size() - 1).value()));
        return "<figure><figcaption>" + Html.escaped(curve.title()) + "</figcaption>"
                + LineChart.svg(
                        List.of(new Line(0, points)),
                        new LineChart.Axes("training step", false, curve.logarithmic(), curve.level()),
                        description)
                + "</figure>\n";
    }

    private static String scores(List<Score> scores) {
        return new HtmlTable(
                                "scores",
                                "table of scores",
                                List.of("score", "restored", "mean", "identity", "floor", "p"),
                                scores.stream()
                                        .map(score -> List.of(
                                                Cell.text(score.name() + way(score)),
                                                Cell.number(score.value()),
                                                Cell.number(score.mean()),
                                                Cell.number(score.identity()),
                                                Cell.number(score.floor()),
                                                Cell.number(score.pValue())))
                                        .toList())
                        .html()
                + (scores.isEmpty()
                        ? ""
                        : "<p class=\"note\">↑: higher is better, ↓: lower is better, =: should equal the floor. Restored: Phi(y). Mean: the posterior means, taken as restorations. Identity: the observations taken as restorations. Floor: clean items against other clean items, "
                                + "observations against other observations, or (observation energy) what chance alone passes once in twenty times: no restoration can be told to beat it. "
                                + "p: the probability of such a distance between two samples of one law, by permutation.</p>\n")
                + scores.stream()
                        .filter(score -> !score.about().isEmpty())
                        .map(score ->
                                "<p class=\"note\">" + Html.escaped(score.name() + ": " + score.about()) + ".</p>\n")
                        .collect(Collectors.joining());
    }

    private static String way(Score score) {
        return switch (score.better()) {
            case LOWER -> " ↓";
            case HIGHER -> " ↑";
            case EQUAL -> score.floor().isPresent() ? " =" : "";
        };
    }

    private static String choices(List<ReportContent.Choice> choices) {
        return new HtmlTable(
                                "scores plain",
                                "table of checkpoints",
                                List.of(
                                        "chosen by",
                                        "step",
                                        "loss",
                                        "observation energy",
                                        "p",
                                        "distance to the truth"),
                                choices.stream()
                                        .map(choice -> List.of(
                                                Cell.text(choice.by()),
                                                Cell.count(choice.step()),
                                                Cell.number(choice.loss()),
                                                Cell.number(choice.energy()),
                                                Cell.number(choice.pValue()),
                                                Cell.number(choice.truth())))
                                        .toList())
                        .html()
                + (choices.isEmpty()
                        ? ""
                        : "<p class=\"note\">The loss falls through the truth toward collapse, and so chooses nothing; it is here to be seen. "
                                + "Distance to the truth: sliced Wasserstein-2 of the restored items to the clean ones, where those are known.</p>\n");
    }

    private static String preformatted(String text) {
        return "<pre tabindex=\"0\">" + Html.escaped(text) + "</pre>\n";
    }

    private static String again(List<String> commands) {
        return commands.isEmpty()
                ? ""
                : preformatted(String.join("\n", commands))
                        + "<p class=\"note\">In the run's folder, with the --plugins of the run if it had any. On the same processor, libraries and plugins, which are listed below, the result is the same bit for bit.</p>\n";
    }

    private static String facts(String what, List<ReportContent.Fact> facts) {
        return new HtmlTable(
                        "facts",
                        "table of the " + what,
                        List.of("", ""),
                        facts.stream()
                                .map(fact -> List.of(Cell.text(fact.name()), Cell.text(fact.value())))
                                .toList())
                .html();
    }

    private static String plugins(ReportContent content) {
        return new HtmlTable(
                        "plugins",
                        "table of plugins",
                        List.of("plugin", "version", "JAR", "SHA-256"),
                        content.plugins().stream()
                                .map(plugin -> List.of(
                                        Cell.text(plugin.id()),
                                        Cell.text(plugin.version()),
                                        Cell.text(plugin.jar()),
                                        Cell.text(plugin.sha256())))
                                .toList())
                .html();
    }
}
