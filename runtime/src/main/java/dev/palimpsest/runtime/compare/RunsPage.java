package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.report.ComparisonContent;
import dev.palimpsest.runtime.report.ComparisonContent.Curves;
import dev.palimpsest.runtime.report.ComparisonContent.Difference;
import dev.palimpsest.runtime.report.ComparisonContent.Entry;
import dev.palimpsest.runtime.report.ComparisonContent.Line;
import dev.palimpsest.runtime.report.ComparisonContent.Point;
import dev.palimpsest.runtime.report.ComparisonContent.Value;
import dev.palimpsest.runtime.report.ComparisonPage;
import dev.palimpsest.runtime.report.Picture;
import dev.palimpsest.runtime.report.PicturedItems;
import dev.palimpsest.runtime.report.Pictures;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.run.Measured;
import dev.palimpsest.runtime.run.Measured.Quality;
import dev.palimpsest.runtime.run.RecordedRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One page over several runs, from the files in their folders alone: their scores, curves and pictures, and what differs between their recipes. */
public final class RunsPage {
    private static final int PICTURED = 8;
    private static final String NAME = "name";

    private final List<RecordedRun> runs;
    private final Path page;

    private RunsPage(List<RecordedRun> runs, Path page) {
        this.runs = runs;
        this.page = page;
    }

    /**
     * Writes the page.
     *
     * @param folders of the runs, finished or not
     * @throws dev.palimpsest.runtime.run.RunException if one of them is not the folder of a run
     * @throws dev.palimpsest.runtime.data.DataException if a file in one of them is malformed
     */
    public static void write(List<Path> folders, Path page) {
        List<RecordedRun> runs = folders.stream().map(RecordedRun::read).toList();
        String html = ComparisonPage.html(new RunsPage(runs, page).content());
        WholeFile.write(page, html.getBytes(StandardCharsets.UTF_8));
    }

    private ComparisonContent content() {
        Map<String, Score.Better> scores = new LinkedHashMap<>();
        measured()
                .flatMap(measured -> measured.scores().stream())
                .forEach(score -> scores.put(score.name(), score.better()));
        return new ComparisonContent(
                runs.stream()
                        .map(run -> run.recipe().values().getOrDefault(NAME, ""))
                        .distinct()
                        .collect(Collectors.joining(", ")),
                "run",
                List.of(
                        Fact.count("runs", runs.size()),
                        Fact.count("finished", measured().count())),
                List.of("folder"),
                "network calls for each restored item",
                scores.entrySet().stream()
                        .map(score -> new ComparisonContent.Column(score.getKey(), score.getValue()))
                        .toList(),
                IntStream.range(0, runs.size())
                        .mapToObj(i -> entry(i + 1, runs.get(i), scores.keySet()))
                        .toList(),
                curves(),
                pictures(),
                differences());
    }

    private Stream<Measured> measured() {
        return runs.stream().flatMap(run -> run.measured().stream());
    }

    private Entry entry(int number, RecordedRun run, Set<String> scores) {
        Optional<Measured> measured = run.measured();
        return new Entry(
                number,
                List.of(run.label()),
                measured.isPresent() ? "" : "has not come to its end",
                measured.map(Measured::warnings).orElse(List.of()),
                callsDiffer() ? of(measured, Measured::restoringCalls) : OptionalDouble.empty(),
                of(measured, Measured::restoringCalls),
                of(measured, Measured::steps),
                of(measured, Measured::totalSeconds),
                scores.stream()
                        .map(name -> measured.flatMap(known -> known.scores().stream()
                                .filter(score -> score.name().equals(name))
                                .findFirst()
                                .map(score -> new Value(
                                        score.value(),
                                        OptionalDouble.empty(),
                                        score.mean(),
                                        score.pValue(),
                                        score.identity(),
                                        score.floor()))))
                        .toList(),
                List.of(Address.of(
                        page.toAbsolutePath().getParent(), run.folder().resolve("report.html"))));
    }

    /** Whether scores can stand against the calls of restoring. */
    private boolean callsDiffer() {
        return measured().mapToDouble(Measured::restoringCalls).distinct().count() > 1;
    }

    private static OptionalDouble of(Optional<Measured> measured, ToDoubleFunction<Measured> figure) {
        return measured.stream().mapToDouble(figure).findFirst();
    }

    private List<Curves> curves() {
        List<Curves> curves = new ArrayList<>();
        for (Quality quality : Quality.values()) {
            curves.add(curves(quality, "seconds of training", Measured.Reached::seconds));
        }
        curves.add(losses("training steps", step -> OptionalDouble.of(step.step())));
        curves.add(losses("seconds of training", RecordedRun.Step::seconds));
        return curves.stream().filter(each -> !each.lines().isEmpty()).toList();
    }

    private Curves curves(Quality quality, String cost, ToDoubleFunction<Measured.Reached> of) {
        return new Curves(
                quality.words(),
                quality.better(),
                cost,
                false,
                lines(run -> run.measured().map(Measured::curve).orElse(List.of()).stream()
                        .filter(reached -> reached.qualities().containsKey(quality.key()))
                        .map(reached -> new Point(
                                of.applyAsDouble(reached), reached.qualities().get(quality.key())))));
    }

    /** The loss falls through the truth: neither way is better. */
    private Curves losses(String cost, Function<RecordedRun.Step, OptionalDouble> of) {
        return new Curves(
                "loss",
                Score.Better.EQUAL,
                cost,
                true,
                lines(run -> run.steps().stream()
                        .filter(step -> of.apply(step).isPresent())
                        .map(step -> new Point(of.apply(step).getAsDouble(), step.loss()))));
    }

    private List<Line> lines(Function<RecordedRun, Stream<Point>> points) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> new Line(i + 1, points.apply(runs.get(i)).toList()))
                .filter(line -> !line.points().isEmpty())
                .toList();
    }

    private List<Picture> pictures() {
        SortedMap<Integer, PicturedItems> items = new TreeMap<>();
        for (int i = 0; i < runs.size(); i++) {
            int number = i + 1;
            runs.get(i).items().ifPresent(known -> items.put(number, known));
        }
        return Pictures.sideBySide(items, PICTURED);
    }

    private List<Difference> differences() {
        Set<String> keys = new LinkedHashSet<>();
        runs.forEach(run -> keys.addAll(run.recipe().values().keySet()));
        return keys.stream()
                .map(key -> new Difference(
                        key,
                        runs.stream()
                                .map(run -> run.recipe().values().getOrDefault(key, ""))
                                .toList()))
                .filter(difference -> difference.values().stream().distinct().count() > 1)
                .toList();
    }
}
