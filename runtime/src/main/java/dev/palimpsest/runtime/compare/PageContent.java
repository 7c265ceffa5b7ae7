package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.report.ComparisonContent;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.run.Measured;
import dev.palimpsest.runtime.run.Measured.Quality;
import dev.palimpsest.runtime.run.Measured.Reached;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Puts together what the page of a comparison says. */
final class PageContent {
    private PageContent() {}

    static ComparisonContent of(Table table) {
        List<ComparisonContent.Column> scores = table.scores().entrySet().stream()
                .map(score -> new ComparisonContent.Column(score.getKey(), score.getValue()))
                .toList();
        Cost cost = Cost.of(table);
        return new ComparisonContent(
                table.name(),
                "cell",
                facts(table),
                table.axes(),
                cost.name,
                scores,
                table.rows().stream().map(row -> entry(row, table, cost)).toList(),
                Stream.of(Quality.values())
                        .flatMap(quality -> Stream.of(
                                curves(table, quality, "seconds of training", Reached::seconds),
                                curves(table, quality, "network calls of training", Reached::networkCalls)))
                        .filter(curves -> !curves.lines().isEmpty())
                        .toList(),
                List.of(),
                List.of());
    }

    private static ComparisonContent.Curves curves(
            Table table, Quality quality, String cost, ToDoubleFunction<Reached> of) {
        return new ComparisonContent.Curves(
                quality.words(),
                quality.better(),
                cost,
                false,
                table.rows().stream()
                        .flatMap(row -> row.done().stream()
                                .map(done -> new ComparisonContent.Line(
                                        row.number(),
                                        done.measured().curve().stream()
                                                .filter(reached ->
                                                        reached.qualities().containsKey(quality.key()))
                                                .map(reached -> new ComparisonContent.Point(
                                                        of.applyAsDouble(reached),
                                                        reached.qualities().get(quality.key())))
                                                .toList())))
                        .filter(line -> !line.points().isEmpty())
                        .toList());
    }

    /** What the cells differ in: the calls of restoring, else those of training. */
    private enum Cost {
        RESTORING("network calls for each restored item", row -> row.mean(Measured::restoringCalls)),
        TRAINING("network calls of training", Row::trainingCalls);

        private final String name;
        private final Function<Row, OptionalDouble> of;

        Cost(String name, Function<Row, OptionalDouble> of) {
            this.name = name;
            this.of = of;
        }

        static Cost of(Table table) {
            return !differs(table, RESTORING) && differs(table, TRAINING) ? TRAINING : RESTORING;
        }

        private static boolean differs(Table table, Cost cost) {
            return table.rows().stream()
                            .map(cost.of)
                            .filter(OptionalDouble::isPresent)
                            .distinct()
                            .count()
                    > 1;
        }
    }

    private static List<Fact> facts(Table table) {
        List<Fact> facts = new ArrayList<>();
        long done = table.rows().stream()
                .filter(row -> row.status() == Row.Status.DONE)
                .count();
        facts.add(new Fact("cells", String.valueOf(table.rows().size())));
        facts.add(new Fact("done", String.valueOf(done)));
        facts.add(new Fact("seeds", String.valueOf(table.seeds())));
        facts.add(new Fact("trained drift", table.drift().orElse("each cell's own")));
        return facts;
    }

    private static ComparisonContent.Entry entry(Row row, Table table, Cost cost) {
        return new ComparisonContent.Entry(
                row.number(),
                List.copyOf(row.cell().values().values()),
                row.remark(),
                row.warnings(),
                cost.of.apply(row),
                row.mean(Measured::restoringCalls),
                row.mean(Measured::steps),
                row.mean(Measured::totalSeconds),
                table.scores().keySet().stream()
                        .map(name -> row.score(name)
                                .map(score -> new ComparisonContent.Value(
                                        score.value().mean(),
                                        score.value().standardError(),
                                        score.ofMeans(),
                                        score.pValue(),
                                        score.identity(),
                                        score.floor())))
                        .toList(),
                row.done().stream()
                        .map(done -> Address.of(table.folder(), done.folder().resolve("report.html")))
                        .toList());
    }
}
