package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.data.Sha256;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.recipe.ReadRecipe;
import dev.palimpsest.runtime.report.ComparisonPage;
import dev.palimpsest.runtime.run.Failure;
import dev.palimpsest.runtime.run.FolderLock;
import dev.palimpsest.runtime.run.Measured;
import dev.palimpsest.runtime.run.Progress;
import dev.palimpsest.runtime.run.Run;
import dev.palimpsest.runtime.run.RunException;
import dev.palimpsest.runtime.run.RunFolder;
import dev.palimpsest.runtime.run.TrainedDrift;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs a grid of recipes, each cell and seed as an ordinary run, and tells what they found in {@code compare.csv}, {@code compare.json} and {@code
 * compare.html}, which are written whole after each run.
 *
 * <p>A run's folder is named after what decides its result: the recipe, the sizes and times of the files that it reads, the program, the plugins, and the
 * trained drift, if one is given. What an earlier comparison
 * finished in the same folder is therefore used again, and nothing else is. A failed run is a row with its reason; it is tried again the next time.
 */
public final class Comparison {
    private static final int IDENTITY = 16;
    private static final int LONGEST_REASON = 400;

    private final Path home;
    private final Plugins plugins;
    private final Settings settings;
    private final Listener listener;
    private final Grid grid;
    private final List<List<Task>> tasks;
    private final List<List<Outcome>> outcomes;
    private volatile boolean stopped;

    /**
     * How to compare.
     *
     * @param output the folder for all that is written
     * @param drift the run whose trained drift all cells restore with, without training
     * @param seeds how many seeds each cell is run with
     * @param jobs how many runs go on at a time
     * @param again whether to run also what is finished
     */
    public record Settings(Path output, Optional<TrainedDrift> drift, int seeds, int jobs, boolean again) {}

    /** Is told how a comparison goes. */
    public interface Listener {
        /** So many of the runs were finished earlier, and are not run again. */
        void found(int finished, int runs);

        /** A cell has ended; the line says which one, and how. */
        void ended(String line);
    }

    private record Task(int cell, int seed, ReadRecipe recipe, Path folder) {}

    /**
     * Prepares a comparison.
     *
     * @throws dev.palimpsest.runtime.recipe.RecipeException if the grid cannot have so many seeds
     * @throws RunException if the drift's run has none
     */
    public Comparison(Path home, Plugins plugins, Grid grid, Settings settings, Listener listener) {
        this.home = home;
        this.plugins = plugins;
        this.settings = settings;
        this.listener = listener;
        this.grid = grid;
        String common = program() + "\n" + plugins.lock()
                + settings.drift().map(TrainedDrift::sha256).orElse("") + "\n";
        tasks = new ArrayList<>();
        outcomes = new ArrayList<>();
        for (Grid.Cell cell : grid.cells()) {
            List<ReadRecipe> recipes = grid.seeded(cell, settings.seeds());
            List<Task> ofCell = new ArrayList<>();
            List<Outcome> pending = new ArrayList<>();
            for (ReadRecipe recipe : recipes) {
                String identity =
                        Sha256.hex((common + DataFiles.of(recipe.recipe().data()) + recipe.resolved())
                                .getBytes(StandardCharsets.UTF_8));
                ofCell.add(new Task(
                        tasks.size(),
                        ofCell.size(),
                        recipe,
                        settings.output().resolve("cells").resolve(identity.substring(0, IDENTITY))));
                pending.add(new Outcome.Pending());
            }
            tasks.add(ofCell);
            outcomes.add(pending);
        }
    }

    /**
     * Runs what is missing.
     *
     * @return whether any cell is done
     * @throws RunException if another comparison is at work in the same folder
     */
    public boolean run() {
        FolderLock.whileHeld(
                RunFolder.at(settings.output()).path(),
                "another comparison is at work in " + settings.output()
                        + "; wait for its end, or give this one a folder of its own",
                this::runMissing);
        return table().rows().stream().anyMatch(row -> !row.done().isEmpty());
    }

    /** The SHA-256 of the program's JAR; its version where it runs from classes. */
    private static String program() {
        try {
            Path jar = Path.of(Comparison.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(jar) ? Sha256.hex(jar) : Plugins.apiVersion();
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("the program's own JAR cannot be read: " + e, e);
        }
    }

    private void runMissing() {
        List<Task> missing = new ArrayList<>();
        for (Task task : tasks.stream().flatMap(List::stream).toList()) {
            if (!settings.again() && isFinished(task)) {
                put(task, done(task));
            } else {
                missing.add(task);
            }
        }
        int runs = grid.cells().size() * settings.seeds();
        listener.found(runs - missing.size(), runs);
        write();
        inParallel(missing);
    }

    /** Ends the runs that go on as soon as they can be, and begins no other; {@link #run} then returns. */
    public void stop() {
        stopped = true;
    }

    public boolean stopped() {
        return stopped;
    }

    /** Where all is written. */
    public Path folder() {
        return settings.output();
    }

    /** How many runs are finished, in words. */
    public String finished() {
        long done = table().rows().stream().mapToLong(row -> row.done().size()).sum();
        return done + " of " + grid.cells().size() * settings.seeds() + " runs finished";
    }

    /** The table for a terminal. */
    public String text() {
        return Text.table(table());
    }

    private void inParallel(List<Task> missing) {
        ExecutorService pool = Executors.newFixedThreadPool(settings.jobs());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Task task : missing) {
                running.add(pool.submit(() -> execute(task)));
            }
            for (Future<?> run : running) {
                run.get();
            }
        } catch (ExecutionException e) {
            stop();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdown();
            finished(pool);
        }
    }

    /** Waits for the runs under way, which use the plugins and write into the folder. */
    private static void finished(ExecutorService pool) {
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void execute(Task task) {
        if (stopped) {
            return;
        }
        Outcome outcome = outcome(task);
        if (outcome instanceof Outcome.Pending) {
            return;
        }
        synchronized (this) {
            put(task, outcome);
            write();
            Row row = row(task.cell());
            if (row.ended()) {
                listener.ended(Text.line(row, table()));
            }
        }
    }

    private Outcome outcome(Task task) {
        try {
            if (settings.again() && Files.exists(task.folder())) {
                new RunFolder(task.folder()).delete();
            }
            RunFolder folder = RunFolder.at(task.folder());
            new Run(home, plugins, task.recipe(), new Quiet())
                    .into(folder, settings.drift().map(TrainedDrift::run));
            return isFinished(task) ? done(task) : new Outcome.Pending();
        } catch (CancellationException wasStopped) {
            return new Outcome.Pending();
        } catch (RuntimeException | Error e) {
            return stopped ? new Outcome.Pending() : new Outcome.Failed(firstSentence(Failure.inWords(e)));
        }
    }

    private static boolean isFinished(Task task) {
        return new RunFolder(task.folder()).finished();
    }

    private static Outcome done(Task task) {
        return new Outcome.Done(task.folder(), Measured.of(Run.summary(new RunFolder(task.folder()))));
    }

    /** Of a message, which may go on with more. */
    private static String firstSentence(String message) {
        String sentence = message.strip().split("\\R|(?<=\\.)\\s+(?=\\p{Lu})", 2)[0];
        return sentence.length() <= LONGEST_REASON ? sentence : sentence.substring(0, LONGEST_REASON) + "...";
    }

    private synchronized void put(Task task, Outcome outcome) {
        outcomes.get(task.cell()).set(task.seed(), outcome);
    }

    private Row row(int cell) {
        return new Row(cell + 1, grid.cells().get(cell), outcomes.get(cell));
    }

    private synchronized Table table() {
        List<Row> rows = new ArrayList<>();
        for (int cell = 0; cell < tasks.size(); cell++) {
            rows.add(row(cell));
        }
        return new Table(
                settings.output(),
                grid.cells().get(0).recipe().recipe().name(),
                grid.axes(),
                settings.seeds(),
                settings.drift().map(drift -> drift.run().toString()),
                rows);
    }

    private void write() {
        Table table = table();
        write("compare.csv", Csv.of(table));
        write("compare.json", TableJson.of(table));
        write("compare.html", ComparisonPage.html(PageContent.of(table)));
    }

    private void write(String name, String text) {
        WholeFile.write(settings.output().resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Tells a run to stop, at the next step of its training or the next stage. */
    private final class Quiet implements Progress {
        @Override
        public boolean stopped() {
            return stopped;
        }

        @Override
        public void stage(String what) {
            if (stopped) {
                throw new CancellationException();
            }
        }
    }
}
