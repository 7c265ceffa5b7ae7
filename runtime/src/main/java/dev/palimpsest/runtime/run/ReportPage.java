package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.report.Picture;
import dev.palimpsest.runtime.report.ReportContent;
import dev.palimpsest.runtime.report.ReportContent.Curve;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.report.ReportContent.Plugin;
import dev.palimpsest.runtime.report.ReportContent.Point;
import dev.palimpsest.runtime.report.ReportContent.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Puts together what the report of a run says. */
final class ReportPage {
    private ReportPage() {}

    static ReportContent of(
            String resolvedRecipe,
            Plugins plugins,
            Summary summary,
            List<Score> scores,
            RunLog log,
            List<Picture> pictures) {
        Summary.Seconds seconds = summary.seconds();
        return new ReportContent(
                summary.name(),
                summary.seed(),
                summary.parameters(),
                summary.steps(),
                summary.itemsSeen(),
                summary.evaluationsPerItem(),
                List.of(
                        new Stage("train", seconds.train()),
                        new Stage("judge checkpoints", seconds.judge()),
                        new Stage("restore", seconds.restore()),
                        new Stage("evaluate", seconds.evaluate()),
                        new Stage("total", seconds.total())),
                summary.warnings(),
                scores,
                pictures,
                curves(log),
                Choice.of(log.checkpoints()).stream()
                        .map(choice -> new ReportContent.Choice(
                                choice.by(),
                                choice.checkpoint().step(),
                                choice.checkpoint().loss(),
                                choice.checkpoint().residual().energy(),
                                choice.checkpoint().residual().pValue(),
                                choice.checkpoint().residual().truth()))
                        .toList(),
                resolvedRecipe,
                List.of("palimpsest run recipe.yaml --locked plugins.lock"),
                Environment.describe().entrySet().stream()
                        .map(fact -> new Fact(fact.getKey(), fact.getValue()))
                        .toList(),
                plugins.plugins().stream()
                        .filter(plugin -> !plugin.extensions().isEmpty())
                        .map(plugin -> new Plugin(plugin.id(), plugin.version(), plugin.sha256()))
                        .toList());
    }

    private static List<Curve> curves(RunLog log) {
        List<Curve> curves = new ArrayList<>();
        if (!log.losses().isEmpty()) {
            curves.add(new Curve(
                    "loss",
                    true,
                    log.losses().stream()
                            .map(p -> new Point(p.step(), p.loss()))
                            .toList()));
            curves.add(new Curve(
                    "learning rate",
                    false,
                    log.losses().stream()
                            .map(p -> new Point(p.step(), p.learningRate()))
                            .toList()));
        }
        List<Checkpoint> checkpoints = log.checkpoints();
        if (!checkpoints.isEmpty()) {
            OptionalDouble noise = checkpoints.stream()
                    .mapToDouble(point -> point.residual().noise())
                    .average();
            curves.add(new Curve(
                    "observation energy (dashed: noise)",
                    false,
                    points(checkpoints, point -> point.residual().energy()),
                    noise));
            curves.add(new Curve(
                    "p-value",
                    false,
                    points(checkpoints, point -> point.residual().pValue())));
        }
        if (!checkpoints.isEmpty()
                && checkpoints.stream()
                        .allMatch(point -> point.residual().truth().isPresent())) {
            curves.add(new Curve(
                    "distance to the truth",
                    true,
                    points(checkpoints, point -> point.residual().truth().orElseThrow())));
        }
        return curves;
    }

    private static List<Point> points(List<Checkpoint> checkpoints, ToDoubleFunction<Checkpoint> value) {
        return checkpoints.stream()
                .map(point -> new Point(point.step(), value.applyAsDouble(point)))
                .toList();
    }
}
