package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.Score.Better;
import dev.palimpsest.runtime.report.ComparisonContent.Column;
import dev.palimpsest.runtime.report.ComparisonContent.Curves;
import dev.palimpsest.runtime.report.ComparisonContent.Entry;
import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import dev.palimpsest.runtime.report.ComparisonContent.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A comparison as one HTML page that needs nothing beside it: no network, and a script only sorts its table. The same content gives the same bytes. */
public final class ComparisonPage {
    private final ComparisonContent content;

    private ComparisonPage(ComparisonContent content) {
        this.content = content;
    }

    /** The page. */
    public static String html(ComparisonContent content) {
        ComparisonPage page = new ComparisonPage(content);
        return Page.of(
                content.name() + ", compared",
                "comparison",
                page.header()
                        + page.warnings()
                        + page.table()
                        + page.differences()
                        + Page.section("items", "The same items", Report.pictures(content.pictures()))
                        + page.plots()
                        + page.curves());
    }

    private String header() {
        return "<header>\n<p class=\"kind\">Palimpsest comparison</p>\n<h1>" + Html.escaped(content.name())
                + "</h1>\n<dl>"
                + content.facts().stream()
                        .map(fact -> Page.fact(fact.name(), fact.value()))
                        .collect(Collectors.joining())
                + "</dl>\n</header>\n";
    }

    private String warnings() {
        List<String> warnings = content.entries().stream()
                .flatMap(entry -> entry.warnings().stream()
                        .map(warning -> entry.number() + " (" + entry.label() + "): " + warning))
                .toList();
        return Page.warnings(warnings);
    }

    private String plots() {
        String figures =
                IntStream.range(0, content.scores().size()).mapToObj(this::plot).collect(Collectors.joining());
        return figures.isEmpty()
                ? ""
                : "<section>\n<h2>Scores against " + Html.escaped(content.cost()) + "</h2>\n<div class=\"plots\">\n"
                        + figures
                        + "</div>\n<p class=\"note\">Filled points, joined by steps: the Pareto front, where no other costs less and scores "
                        + "as well. Identity: the observations taken as restorations. Floor: clean items against other clean items, or "
                        + "observations against other observations, or (observation energy) what chance alone passes once in twenty times: differences below it mean nothing.</p>\n</section>\n";
    }

    private String plot(int k) {
        Column score = content.scores().get(k);
        List<Entry> drawn = content.entries().stream()
                .filter(entry ->
                        entry.scores().get(k).isPresent() && entry.cost().isPresent())
                .toList();
        if (drawn.isEmpty()) {
            return "";
        }
        List<ParetoFront.Point> points = drawn.stream()
                .map(entry -> new ParetoFront.Point(
                        entry.cost().getAsDouble(), entry.scores().get(k).get().value()))
                .toList();
        List<Integer> front = ParetoFront.of(points, score.better());
        List<Scatter.Dot> dots = IntStream.range(0, drawn.size())
                .mapToObj(i -> new Scatter.Dot(
                        points.get(i).cost(),
                        points.get(i).score(),
                        drawn.get(i).scores().get(k).get().standardError(),
                        drawn.get(i).label(),
                        String.valueOf(drawn.get(i).number()),
                        front.contains(i)))
                .toList();
        OptionalDouble floor = shared(k, Value::floor);
        List<Scatter.Anchor> anchors = Stream.of(anchor("identity", shared(k, Value::identity)), anchor("floor", floor))
                .flatMap(Optional::stream)
                .toList();
        String caption = score.name() + ", " + way(score.better(), floor.isPresent())
                + anchors.stream()
                        .map(anchor -> ", " + anchor.name() + " " + Numbers.of(anchor.y()))
                        .collect(Collectors.joining());
        String description = caption + "; against " + content.cost() + ", " + drawn.size() + " " + content.unit() + "s"
                + (front.isEmpty()
                        ? ""
                        : "; Pareto front: "
                                + front.stream()
                                        .map(i -> drawn.get(i).label() + " ("
                                                + Numbers.of(points.get(i).cost()) + ", "
                                                + Numbers.of(points.get(i).score()) + ")")
                                        .collect(Collectors.joining(", ")));
        return "<figure><figcaption>" + Html.escaped(caption) + "</figcaption>"
                + Scatter.svg(dots, anchors, content.cost(), description) + "</figure>\n";
    }

    private String curves() {
        String figures = content.curves().stream().map(this::curves).collect(Collectors.joining());
        return figures.isEmpty()
                ? ""
                : "<section>\n<h2>How soon</h2>\n<div class=\"plots\">\n" + figures
                        + "</div>\n<p class=\"note\">A line is one run; the number at its end tells which. Seconds are those of training, without those "
                        + "in which checkpoints were judged. A network call: the drift, once for one item; a gradient counts as three.</p>\n</section>\n";
    }

    private String curves(Curves curves) {
        String caption = curves.quality() + ", " + way(curves.better(), false) + ", against " + curves.cost();
        String description = caption
                + curves.lines().stream()
                        .map(line -> {
                            Point last = line.points().get(line.points().size() - 1);
                            return "; " + content.unit() + " " + line.number() + " (" + label(line.number())
                                    + ") ends at " + Numbers.of(last.value()) + " after " + Numbers.of(last.cost());
                        })
                        .collect(Collectors.joining());
        String legend = curves.lines().stream()
                .map(Line::number)
                .distinct()
                .map(number -> "<li><span style=\"background:" + LineChart.colour(number) + "\"></span>" + number + " "
                        + Html.escaped(label(number)) + "</li>")
                .collect(Collectors.joining("", "<ul class=\"legend\">", "</ul>"));
        return "<figure><figcaption>" + Html.escaped(caption) + "</figcaption>"
                + LineChart.svg(
                        curves.lines(),
                        new LineChart.Axes(curves.cost(), true, curves.logarithmic(), OptionalDouble.empty()),
                        description)
                + legend + "</figure>\n";
    }

    private String label(int number) {
        return content.entries().stream()
                .filter(entry -> entry.number() == number)
                .map(Entry::label)
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Scatter.Anchor> anchor(String name, OptionalDouble value) {
        return value.isPresent() ? Optional.of(new Scatter.Anchor(name, value.getAsDouble())) : Optional.empty();
    }

    private static String way(Better better, boolean hasFloor) {
        return switch (better) {
            case LOWER -> "lower is better";
            case HIGHER -> "higher is better";
            case EQUAL -> hasFloor ? "should equal the floor" : "neither way is better";
        };
    }

    /** An anchor of a score, if all cells that have the score have the same. */
    private OptionalDouble shared(int k, Function<Value, OptionalDouble> anchor) {
        List<OptionalDouble> anchors = content.entries().stream()
                .flatMap(entry -> entry.scores().get(k).stream())
                .map(anchor)
                .distinct()
                .toList();
        return anchors.size() == 1 ? anchors.get(0) : OptionalDouble.empty();
    }

    private String table() {
        List<String> head = new ArrayList<>(List.of(content.unit()));
        head.addAll(content.axes());
        head.add("calls");
        boolean trains = content.entries().stream()
                .anyMatch(entry -> entry.steps().isPresent() && entry.steps().getAsDouble() > 0);
        if (trains) {
            head.add("steps");
        }
        head.add("seconds");
        content.scores().forEach(score -> head.add(score.name()));
        List<Optional<Entry>> best =
                IntStream.range(0, content.scores().size()).mapToObj(this::best).toList();
        return "<section id=\"cells\">\n<h2>" + plural()
                + "</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table of all "
                + content.unit() + "s\">\n<table class=\"cells sortable\">\n<thead><tr>"
                + IntStream.range(0, head.size())
                        .mapToObj(i -> "<th scope=\"col\""
                                + (i >= 1 && i <= content.axes().size() ? " class=\"word\"" : "") + ">"
                                + Html.escaped(head.get(i)) + "</th>")
                        .collect(Collectors.joining())
                + "</tr></thead>\n<tbody>\n"
                + content.entries().stream()
                        .map(entry -> row(entry, trains, best))
                        .collect(Collectors.joining())
                + "</tbody>\n"
                + feet(trains)
                + "</table>\n</div>\n<p class=\"note\">Calls: network calls for each restored item. Mean: the score of the posterior means. Best: of those that are done, "
                + "the best value of a score; where a score is to be equal to its floor, the nearest. ±: the standard error over seeds. "
                + "p: the probability of such a distance between two samples of one law, by permutation.</p>\n</section>\n";
    }

    private String plural() {
        return content.unit().substring(0, 1).toUpperCase(Locale.ROOT)
                + content.unit().substring(1) + "s";
    }

    private String row(Entry entry, boolean trains, List<Optional<Entry>> best) {
        StringBuilder row = new StringBuilder("<tr><th scope=\"row\">")
                .append(number(entry))
                .append("</th>");
        entry.values()
                .forEach(value -> row.append("<td class=\"word\">")
                        .append(Html.escaped(value))
                        .append("</td>"));
        boolean figures = entry.scores().stream().anyMatch(Optional::isPresent)
                || entry.seconds().isPresent();
        if (figures) {
            row.append(cell(number(entry.restoringCalls()), entry.restoringCalls()));
            if (trains) {
                row.append(cell(number(entry.steps()), entry.steps()));
            }
            row.append(cell(
                    entry.seconds().isPresent()
                            ? Numbers.duration(entry.seconds().getAsDouble())
                            : "–",
                    entry.seconds()));
            for (int k = 0; k < best.size(); k++) {
                int at = k;
                boolean isBest = best.get(k).filter(entry::equals).isPresent();
                row.append(entry.scores()
                        .get(k)
                        .map(value -> score(value, isBest, anchors(at, value)))
                        .orElse(cell("–")));
            }
            row.append("</tr>\n");
        }
        if (!entry.remark().isEmpty()) {
            int columns = 2 + (trains ? 1 : 0) + best.size();
            if (figures) {
                row.append("<tr><td colspan=\"")
                        .append(1 + entry.values().size())
                        .append("\"></td>");
            }
            row.append("<td class=\"remark\" colspan=\"")
                    .append(columns)
                    .append("\"><div>")
                    .append(Html.escaped(entry.remark()))
                    .append("</div></td></tr>\n");
        }
        return row.toString();
    }

    /** Its number, as a link to its report; of several seeds, with a link to each. */
    private static String number(Entry entry) {
        List<String> reports = entry.reports();
        if (reports.size() == 1) {
            return link(reports.get(0), String.valueOf(entry.number()));
        }
        return entry.number()
                + IntStream.range(0, reports.size())
                        .mapToObj(i -> " " + link(reports.get(i), String.valueOf((char) ('a' + i % 26))))
                        .collect(Collectors.joining());
    }

    private static String link(String address, String text) {
        return "<a href=\"" + Html.escaped(address) + "\">" + text + "</a>";
    }

    private static String score(Value value, boolean best, String anchors) {
        String shown = Numbers.of(value.value())
                + (value.standardError().isPresent()
                        ? " <small>± " + Numbers.brief(value.standardError().getAsDouble()) + "</small>"
                        : "")
                + (value.pValue().isPresent()
                        ? " <small>p " + Numbers.brief(value.pValue().getAsDouble()) + "</small>"
                        : "");
        return "<td" + HtmlTable.value(OptionalDouble.of(value.value())) + ">"
                + (best ? "<strong>" + shown + " <small>best</small></strong>" : shown)
                + (anchors.isEmpty() ? "" : "<br/><small>" + anchors + "</small>") + "</td>";
    }

    /** The score of the posterior means, and the anchors of a value that are not those of all. */
    private String anchors(int k, Value value) {
        return Stream.of(
                        own("mean", OptionalDouble.empty(), value.ofMeans()),
                        own("identity", shared(k, Value::identity), value.identity()),
                        own("floor", shared(k, Value::floor), value.floor()))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String own(String name, OptionalDouble shared, OptionalDouble own) {
        return shared.isEmpty() && own.isPresent() ? name + " " + Numbers.of(own.getAsDouble()) : "";
    }

    private Optional<Entry> best(int k) {
        Better better = content.scores().get(k).better();
        return content.entries().stream()
                .filter(entry ->
                        entry.remark().isEmpty() && entry.scores().get(k).isPresent())
                .filter(entry -> better != Better.EQUAL
                        || entry.scores().get(k).get().floor().isPresent())
                .min((one, other) -> Double.compare(loss(one, k, better), loss(other, k, better)));
    }

    private static double loss(Entry entry, int k, Better better) {
        Value value = entry.scores().get(k).get();
        return switch (better) {
            case LOWER -> value.value();
            case HIGHER -> -value.value();
            case EQUAL -> Math.abs(value.value() - value.floor().getAsDouble());
        };
    }

    /** A row for each key, a column for each cell. */
    private String differences() {
        List<String> head = new ArrayList<>(List.of("key"));
        content.entries().forEach(entry -> head.add(entry.number() + " " + entry.label()));
        return Page.section(
                "differences",
                "What differs between the recipes",
                new HtmlTable(
                                "words",
                                "table of what differs between the recipes",
                                head,
                                content.differences().stream()
                                        .map(difference -> Stream.concat(
                                                        Stream.of(difference.key()),
                                                        difference.values().stream()
                                                                .map(value -> value.isEmpty() ? "–" : value))
                                                .map(HtmlTable.Cell::text)
                                                .toList())
                                        .toList())
                        .html());
    }

    /** The anchors that all cells share. */
    private String feet(boolean trains) {
        String rows = foot("identity", Value::identity, trains) + foot("floor", Value::floor, trains);
        return rows.isEmpty() ? "" : "<tfoot>\n" + rows + "</tfoot>\n";
    }

    private String foot(String name, Function<Value, OptionalDouble> anchor, boolean trains) {
        List<OptionalDouble> values = IntStream.range(0, content.scores().size())
                .mapToObj(k -> shared(k, anchor))
                .toList();
        return values.stream().noneMatch(OptionalDouble::isPresent)
                ? ""
                : "<tr><th scope=\"row\" colspan=\"" + (3 + content.axes().size() + (trains ? 1 : 0)) + "\">" + name
                        + "</th>"
                        + values.stream().map(value -> cell(number(value))).collect(Collectors.joining())
                        + "</tr>\n";
    }

    private static String cell(String text) {
        return cell(text, OptionalDouble.empty());
    }

    private static String cell(String text, OptionalDouble value) {
        return "<td" + HtmlTable.value(value) + ">" + text + "</td>";
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Numbers.of(value.getAsDouble()) : "–";
    }
}
