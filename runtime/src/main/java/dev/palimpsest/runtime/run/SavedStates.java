package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.ArrayArchive;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The last few states of a training, from which it can go on: {@code checkpoints/state-NUMBER.npz}. The newest has the largest number; older ones are kept
 * in case it is damaged.
 */
final class SavedStates {
    private static final Pattern NAME = Pattern.compile("state-([0-9]{1,9})\\.npz");

    private final Path folder;

    /** @param folder where they lie */
    SavedStates(Path folder) {
        this.folder = folder;
    }

    /** What is kept beside the arrays. */
    private record Text(TreeMap<String, Double> numbers, RunLog.Memory log) {}

    /** A state of training, and what its log remembered then. */
    record Saved(TrainingState training, RunLog.Memory log) {}

    /**
     * Saves a state as the newest, and deletes the oldest if there are more than so many.
     *
     * @throws FileException if it cannot be written; the older ones are all there then
     */
    void save(Saved saved, int keep) {
        List<Path> older = files();
        long number = older.isEmpty() ? 1 : number(older.get(0)) + 1;
        Text text = new Text(new TreeMap<>(saved.training().numbers()), saved.log());
        new ArrayArchive(saved.training().arrays(), Json.line(text)).write(folder.resolve("state-" + number + ".npz"));
        older.stream().skip(keep - 1L).forEach(SavedStates::delete);
    }

    /**
     * The newest that is whole.
     *
     * @param usable whether the run can go on from what the log remembered
     * @param warning is told of each that is not whole
     */
    Optional<Saved> newest(Predicate<RunLog.Memory> usable, Consumer<String> warning) {
        List<Path> files = files();
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            String instead = i + 1 < files.size()
                    ? "; the state before it is used"
                    : "; there is none before it, and training begins anew";
            try {
                ArrayArchive archive = ArrayArchive.read(file);
                Text text = Json.read(archive.text(), Text.class);
                if (usable.test(text.log())) {
                    return Optional.of(new Saved(TrainingState.saved(text.numbers(), archive.arrays()), text.log()));
                }
                archive.arrays().values().forEach(INDArray::close);
                warning.accept(file + ": metrics.jsonl is shorter than it was then" + instead);
            } catch (DataException damaged) {
                warning.accept(damaged.getMessage() + instead);
            }
        }
        return Optional.empty();
    }

    /** Deletes all. */
    void clear() {
        files().forEach(SavedStates::delete);
    }

    /** The newest first. */
    private List<Path> files() {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(file -> matcher(file).matches())
                    .sorted(Comparator.comparingLong(SavedStates::number).reversed())
                    .toList();
        } catch (IOException e) {
            throw new FileException("read " + folder, e);
        }
    }

    private static long number(Path file) {
        Matcher matcher = matcher(file);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file + " is no state");
        }
        return Long.parseLong(matcher.group(1));
    }

    private static Matcher matcher(Path file) {
        return NAME.matcher(file.getFileName().toString());
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new FileException("delete " + file, e);
        }
    }
}
