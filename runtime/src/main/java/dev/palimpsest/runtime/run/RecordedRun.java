package dev.palimpsest.runtime.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.plugin.LockedJar;
import dev.palimpsest.runtime.recipe.PlainRecipe;
import dev.palimpsest.runtime.report.PicturedItems;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.report.ReportContent.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a run has left in its folder so far, finished or not; all pages of runs are made of this alone.
 *
 * @param yaml the resolved recipe as it is written
 * @param recipe what it says
 * @param measured what summary.json says; empty for a run that has not come to its end
 * @param steps the lines of metrics.jsonl that tell of steps, without those that training went back behind
 * @param checkpoints those that tell of checkpoints, likewise
 * @param environment what the run ran on
 * @param plugins those that were loaded
 * @param drift the run whose drift it uses, as it was named then; empty for one that was trained
 */
public record RecordedRun(
        Path folder,
        String yaml,
        PlainRecipe recipe,
        Optional<Measured> measured,
        List<Step> steps,
        List<Checkpoint> checkpoints,
        List<Fact> environment,
        List<Plugin> plugins,
        Optional<Question> question,
        Optional<String> drift) {
    private static final String HELD_OUT = "held-out";

    /** How many images are shown. */
    static final int IMAGES = 24;

    static final int IMAGE_RANK = 4;

    /** How many whole images are shown, and how large, in pixels. */
    private static final int WHOLE = 3;

    private static final int SHOWN = 320;
    private static final int VECTORS = 5000;

    /** What metrics.jsonl tells of a step. */
    public record Step(
            double step,
            double loss,
            double gradientNorm,
            double learningRate,
            double itemsPerSecond,
            OptionalDouble seconds) {}

    /**
     * Reads the files of a run's folder.
     *
     * @throws RunException if it is not the folder of a run
     * @throws DataException if a file in it is malformed
     */
    public static RecordedRun read(Path folder) {
        RunFolder.open(folder);
        String yaml = text(folder, RunFolder.RECIPE).orElseThrow();
        Metrics metrics = Metrics.of(
                folder.resolve(RunFolder.METRICS),
                text(folder, RunFolder.METRICS).orElse(""));
        return new RecordedRun(
                folder,
                yaml,
                PlainRecipe.read(folder.resolve(RunFolder.RECIPE).toString(), yaml),
                parsed(folder, RunFolder.SUMMARY, Measured::of),
                metrics.steps(),
                metrics.checkpoints(),
                parsed(folder, "environment.json", text -> facts(Json.read(text, JsonObject.class)))
                        .orElse(List.of()),
                text(folder, RunFolder.PLUGINS).map(RecordedRun::plugins).orElse(List.of()),
                parsed(folder, Question.FILE, text -> Json.read(text, Question.class)),
                parsed(
                        folder,
                        BorrowedDrift.FILE,
                        text -> Json.read(text, BorrowedDrift.class).run()));
    }

    /** What identifies it among others: the names of its folder and of that above. */
    public String label() {
        Path path = folder.toAbsolutePath().normalize();
        return path.getNameCount() < 2
                ? path.toString()
                : path.subpath(path.getNameCount() - 2, path.getNameCount())
                        .toString()
                        .replace('\\', '/');
    }

    /**
     * The first held-out items, as many as are shown; empty for a run that has not restored them yet.
     *
     * @throws DataException if their arrays cannot be read, or do not fit together
     */
    public Optional<PicturedItems> items() {
        Path arrays = folder.resolve(HELD_OUT);
        if (!Files.isRegularFile(arrays.resolve("recorrupted.npy"))) {
            return Optional.empty();
        }
        INDArray one = Npy.first(arrays.resolve("y.npy"), 1);
        int most = one.rank() == IMAGE_RANK ? IMAGES : one.length() == 1 ? Integer.MAX_VALUE : VECTORS;
        Function<String, INDArray> array = name -> {
            INDArray rows = Npy.first(arrays.resolve(name), most);
            if (rows.rank() != one.rank() || rows.length() / rows.size(0) != one.length()) {
                throw new DataException(arrays.resolve(name) + ": its items have not the shape of those of y.npy");
            }
            return rows;
        };
        Function<String, Optional<INDArray>> optional =
                name -> Files.isRegularFile(arrays.resolve(name)) ? Optional.of(array.apply(name)) : Optional.empty();
        return Optional.of(new PicturedItems(
                array.apply("y.npy"),
                array.apply("restored.npy"),
                optional.apply("mean.npy"),
                array.apply("recorrupted.npy"),
                optional.apply("clean.npy"),
                optional.apply("deviation.npy")));
    }

    /**
     * The first held-out images of a run that restored images whole, by name, scaled down to be shown; empty for other runs.
     *
     * @throws DataException if their arrays cannot be read
     */
    public SortedMap<String, PicturedItems> images() {
        SortedMap<String, PicturedItems> images = new TreeMap<>();
        Path folder = this.folder.resolve(Scenes.FOLDER);
        if (!Files.isDirectory(folder)) {
            return images;
        }
        try (Stream<Path> names = Files.list(folder)) {
            names.filter(name -> Files.isRegularFile(name.resolve("recorrupted.npy")))
                    .sorted()
                    .limit(WHOLE)
                    .forEach(name -> images.put(name.getFileName().toString(), shown(name)));
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read (" + e + ")", e);
        }
        return images;
    }

    private static PicturedItems shown(Path image) {
        Function<String, INDArray> array = name -> Scenes.shrunk(Npy.read(image.resolve(name)), SHOWN);
        Function<String, Optional<INDArray>> optional =
                name -> Files.isRegularFile(image.resolve(name)) ? Optional.of(array.apply(name)) : Optional.empty();
        return new PicturedItems(
                array.apply("y.npy"),
                array.apply("restored.npy"),
                optional.apply("mean.npy"),
                array.apply("recorrupted.npy"),
                optional.apply("clean.npy"),
                Optional.empty());
    }

    private static Optional<String> text(Path folder, String name) {
        RunFolder run = new RunFolder(folder);
        return run.has(name) ? Optional.of(run.read(name)) : Optional.empty();
    }

    private static <T> Optional<T> parsed(Path folder, String name, Function<String, T> parser) {
        try {
            return text(folder, name).map(parser);
        } catch (DataException | JsonParseException | IllegalStateException | NullPointerException e) {
            throw new DataException(
                    folder.resolve(name) + ": expected what a run writes there, got something else (" + e.getMessage()
                            + "); let the run write it again, or take the file away",
                    e);
        }
    }

    private static List<Fact> facts(JsonObject environment) {
        return environment.entrySet().stream()
                .map(fact -> new Fact(fact.getKey(), fact.getValue().getAsString()))
                .toList();
    }

    private static List<Plugin> plugins(String lock) {
        return lock.lines()
                .map(LockedJar::parse)
                .flatMap(Optional::stream)
                .map(jar -> new Plugin(jar.id(), jar.version(), jar.file(), jar.sha256()))
                .toList();
    }

    /** What the lines of metrics.jsonl tell. */
    private record Metrics(List<Step> steps, List<Checkpoint> checkpoints) {
        /** A last line that is not whole is that of a run that was killed while it wrote it. */
        static Metrics of(Path file, String text) {
            Metrics metrics = new Metrics(new ArrayList<>(), new ArrayList<>());
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                try {
                    metrics.add(Json.read(lines.get(i), JsonObject.class));
                } catch (DataException | NullPointerException | IllegalStateException | NumberFormatException e) {
                    throw new DataException(
                            file + ":" + (i + 1) + ": expected what a run tells of a step, got \"" + lines.get(i)
                                    + "\"",
                            e);
                }
            }
            return metrics;
        }

        private void add(JsonObject line) {
            double step = line.get("step").getAsDouble();
            if (line.has(RunLog.WENT_BACK_TO)) {
                double to = line.get(RunLog.WENT_BACK_TO).getAsDouble();
                steps.removeIf(other -> other.step() > to);
                checkpoints.removeIf(other -> other.step() > to);
            } else if (line.has("observationEnergy")) {
                checkpoints.removeIf(other -> other.step() >= step);
                checkpoints.add(Checkpoint.of(line));
            } else {
                steps.removeIf(other -> other.step() >= step);
                steps.add(new Step(
                        step,
                        line.get("loss").getAsDouble(),
                        line.get("gradientNorm").getAsDouble(),
                        line.get("learningRate").getAsDouble(),
                        line.get("itemsPerSecond").getAsDouble(),
                        line.has("seconds")
                                ? OptionalDouble.of(line.get("seconds").getAsDouble())
                                : OptionalDouble.empty()));
            }
        }
    }
}
