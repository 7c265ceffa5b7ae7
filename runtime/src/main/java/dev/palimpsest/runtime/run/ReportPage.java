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
                        new Stage("restore", seconds.restore()),
                        new Stage("evaluate", seconds.evaluate()),
                        new Stage("total", seconds.total())),
                summary.warnings(),
                scores,
                pictures,
                curves(log),
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
        if (!log.checkpoints().isEmpty()) {
            curves.add(new Curve(
                    "observation energy",
                    true,
                    log.checkpoints().stream()
                            .map(p -> new Point(p.step(), p.residual().energy()))
                            .toList()));
        }
        return curves;
    }
}
