package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.report.Picture;
import dev.palimpsest.runtime.report.Pictures;
import dev.palimpsest.runtime.report.Report;
import dev.palimpsest.runtime.report.ReportContent;
import dev.palimpsest.runtime.report.ReportContent.Curve;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.report.ReportContent.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Puts together what the report of a run says, from the files in its folder alone. */
public final class ReportPage {
    private static final int PICTURED = RecordedRun.IMAGES;
    private static final double REJECTED = .05;
    private static final Map<String, String> STAGES = Map.of(
            "firstStep", "to the first step",
            "judge", "judge checkpoints");

    private final RecordedRun run;

    private ReportPage(RecordedRun run) {
        this.run = run;
    }

    /**
     * Writes the report of the run in a folder, finished or not.
     *
     * @throws RunException DataException if it is not the folder of a run, or a file in it is malformed
     */
    public static void write(Path folder, Path file) {
        Report.write(of(RecordedRun.read(folder)), file);
    }

    static ReportContent of(RecordedRun run) {
        return new ReportPage(run).content();
    }

    private ReportContent content() {
        List<Score> scores = run.measured().map(Measured::scores).orElse(List.of());
        return new ReportContent(
                run.measured().map(Measured::name).orElse(value("name")),
                facts(),
                warnings(),
                question(),
                result(scores),
                scores,
                run.measured().map(Measured::simple).orElse(List.of()),
                run.measured().map(Measured::bands).orElse(List.of()),
                pictures(),
                curves(scores),
                costs(),
                noCurves(),
                choices(),
                run.yaml(),
                List.of("palimpsest run recipe.yaml --locked plugins.lock"
                        + run.drift()
                                .map(other -> " --drift " + other + "  # from where the run was started")
                                .orElse("")),
                run.environment(),
                run.plugins());
    }

    private String value(String key) {
        return run.recipe().values().getOrDefault(key, "");
    }

    private List<Fact> facts() {
        List<Fact> facts = new ArrayList<>(List.of(new Fact("seed", value("seed"))));
        run.measured()
                .ifPresentOrElse(
                        measured -> {
                            facts.add(Fact.count("parameters", measured.parameters()));
                            facts.add(Fact.count("steps", measured.steps()));
                            facts.add(Fact.count("items seen", measured.itemsSeen()));
                            facts.add(Fact.seconds("trained", measured.trainSeconds()));
                        },
                        () -> run.steps().stream()
                                .reduce((one, next) -> next)
                                .ifPresent(last -> facts.add(Fact.count("steps so far", (long) last.step()))));
        return facts;
    }

    private List<Fact> costs() {
        List<Fact> costs = new ArrayList<>();
        run.measured().ifPresent(measured -> {
            costs.add(Fact.number("network calls per item and step", measured.evaluationsPerItem()));
            costs.add(Fact.number("network calls per restored item", measured.restoringCalls()));
            measured.seconds()
                    .forEach((stage, seconds) -> costs.add(Fact.seconds(STAGES.getOrDefault(stage, stage), seconds)));
        });
        return costs;
    }

    private List<String> warnings() {
        return run.measured()
                .map(Measured::warnings)
                .orElse(
                        List.of(
                                "the run has not come to its end: there are no scores yet, and warnings may be missing; \"palimpsest resume\" goes on with it"));
    }

    /** What is not known of F, of a run without question.json, its recipe tells. */
    private List<String> question() {
        Map<String, String> keys = new LinkedHashMap<>();
        run.recipe().values().forEach((path, written) -> {
            if (path.startsWith("forward.") && !path.equals("forward.type")) {
                keys.put(path.substring("forward.".length()), written);
            }
        });
        return run.question()
                .map(question -> question.sentences(keys))
                .orElse(List.of("F is " + value("forward.type")
                        + keys.entrySet().stream()
                                .map(key -> ", " + key.getKey() + " = " + key.getValue())
                                .collect(Collectors.joining())
                        + "; the data are of the kind " + value("data.type") + "."));
    }

    private static List<String> result(List<Score> scores) {
        Optional<Score> energy = scores.stream()
                .filter(score -> score.name().equals("observation-energy")
                        && score.pValue().isPresent())
                .findFirst();
        Optional<Score> blind = scores.stream()
                .filter(score -> score.name().equals("observation-energy")
                        && !score.about().isEmpty())
                .findFirst();
        if (blind.isPresent()) {
            return List.of("The observation energy " + blind.get().about() + ".");
        }
        return energy.map(
                        score -> List.of(
                                (score.pValue().getAsDouble() >= REJECTED
                                                ? "F(restored) cannot be told from held-out observations"
                                                : "F(restored) can still be told from held-out observations")
                                        + ": a distance at least as large as theirs has a probability of p = "
                                        + Fact.number("", score.pValue().getAsDouble())
                                                .value()
                                        + " between two samples of one law. Necessary, not sufficient: what F does not show, this does not judge."))
                .orElse(List.of());
    }

    private List<Picture> pictures() {
        List<Picture> pictures = new ArrayList<>();
        run.images().forEach((name, image) -> pictures.add(Pictures.whole(name, image)));
        run.items().ifPresent(items -> pictures.addAll(Pictures.of(items, PICTURED)));
        return pictures;
    }

    private List<ReportContent.Choice> choices() {
        return Choice.of(run.checkpoints()).stream()
                .map(choice -> new ReportContent.Choice(
                        choice.by(),
                        choice.checkpoint().step(),
                        choice.checkpoint().loss(),
                        choice.checkpoint().residual().energy(),
                        choice.checkpoint().residual().pValue(),
                        choice.checkpoint().residual().truth()))
                .toList();
    }

    private List<Curve> curves(List<Score> scores) {
        List<Curve> curves = new ArrayList<>();
        List<Checkpoint> checkpoints = run.checkpoints();
        if (!run.steps().isEmpty()) {
            curves.add(of("loss", true, RecordedRun.Step::loss));
        }
        if (!checkpoints.isEmpty()) {
            curves.add(new Curve(
                    "observation energy (dashed: noise)",
                    false,
                    points(point -> point.residual().energy()),
                    checkpoints.stream()
                            .mapToDouble(point -> point.residual().noise())
                            .average()));
            curves.add(new Curve(
                    "p-value of the observation energy (dashed: 0.05)",
                    false,
                    points(point -> point.residual().pValue()),
                    OptionalDouble.of(REJECTED)));
            if (checkpoints.stream().allMatch(point -> point.residual().psnr().isPresent())) {
                OptionalDouble identity = scores.stream()
                        .filter(score -> score.name().equals("psnr"))
                        .flatMapToDouble(score -> score.identity().stream())
                        .findFirst();
                curves.add(new Curve(
                        "PSNR in decibels" + (identity.isPresent() ? " (dashed: the observations)" : ""),
                        false,
                        points(point -> point.residual().psnr().orElseThrow()),
                        identity));
            }
            if (checkpoints.stream().allMatch(point -> point.residual().truth().isPresent())) {
                curves.add(new Curve(
                        "distance to the truth",
                        true,
                        points(point -> point.residual().truth().orElseThrow())));
            }
        }
        if (!run.steps().isEmpty()) {
            curves.add(of("items per second", false, RecordedRun.Step::itemsPerSecond));
            curves.add(of("gradient norm before clipping", true, RecordedRun.Step::gradientNorm));
            curves.add(of("learning rate", false, RecordedRun.Step::learningRate));
        }
        return curves;
    }

    private String noCurves() {
        if (!run.checkpoints().isEmpty() || run.steps().isEmpty()) {
            return "";
        }
        return "No checkpoint was judged"
                + (value("train.checkpointEvery").equals("0") ? ", as train.checkpointEvery is 0" : "")
                + ": how the observation energy, its p-value and the PSNR came about is not known.";
    }

    private Curve of(String title, boolean logarithmic, ToDoubleFunction<RecordedRun.Step> value) {
        return new Curve(
                title,
                logarithmic,
                run.steps().stream()
                        .map(step -> new Point(step.step(), value.applyAsDouble(step)))
                        .toList());
    }

    private List<Point> points(ToDoubleFunction<Checkpoint> value) {
        return run.checkpoints().stream()
                .map(point -> new Point(point.step(), value.applyAsDouble(point)))
                .toList();
    }
}
