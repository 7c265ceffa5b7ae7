package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.compare.Comparison;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.run.TrainedDrift;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** compare RECIPE [RECIPE ...] [key=a,b ...]. */
final class CompareCommand implements Command {
    private static final String DRIFT = "drift";
    private static final String SEEDS = "seeds";
    private static final String JOBS = "jobs";
    private static final String OUTPUT = "output";
    private static final String AGAIN = "again";

    @Override
    public String name() {
        return "compare";
    }

    @Override
    public String arguments() {
        return "RECIPE [RECIPE ...] [key=a,b ...]";
    }

    @Override
    public String summary() {
        return "runs recipes and grids of them, and shows all scores in one table and page; called again, it runs only what is missing";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest compare recipes/two-moons.yaml solver.type=euler,midpoint solver.steps=4,8 --drift runs/two-moons/1",
                "palimpsest compare recipes/two-moons.yaml recipes/gaussian.yaml train.batch=64,256 --seeds 3");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Command.option(CommandLineInterface.RUNS, "DIR", "the folder of all runs (default: runs)"));
        options.addOption(Command.option(DRIFT, "RUN", "all cells restore with the trained drift of this earlier run"));
        options.addOption(Command.option(SEEDS, "N", "run each cell with N seeds, and show mean and standard error"));
        options.addOption(
                Command.option(JOBS, "N", "how many runs go on at a time (default: 1, which uses all processors)"));
        options.addOption(
                Command.option(OUTPUT, "DIR", "the comparison's folder (default: NAME-compare in that of all runs)"));
        options.addOption(Command.flag(AGAIN, "run also what an earlier call has finished"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        int seeds = count(line, SEEDS);
        int jobs = count(line, JOBS);
        try (Plugins plugins = session.plugins(line)) {
            int files = recipes(arguments);
            Grid grid = Grid.read(
                    new RecipeReader(plugins),
                    arguments.subList(0, files).stream().map(Path::of).toList(),
                    arguments.subList(files, arguments.size()));
            if (line.hasOption(DRIFT) && (seeds > 1 || grid.axes().contains("seed"))) {
                throw new UsageException(
                        "--drift goes with one seed only: which items are held out depends on the seed, so that with another one the drift would restore items that it was trained on");
            }
            Comparison comparison = new Comparison(
                    session.home(), plugins, grid, settings(line, session, grid, seeds, jobs), listener(session));
            return Interruption.handled(() -> stop(comparison, session), () -> compare(comparison, session));
        }
    }

    /** How many of the arguments are recipes: the first, and those after it that are no {@code key=value}. */
    private static int recipes(List<String> arguments) {
        int files = 1;
        while (files < arguments.size() && !arguments.get(files).contains("=")) {
            files++;
        }
        return files;
    }

    private static boolean stop(Comparison comparison, Session session) {
        session.err().println("stopping the runs under way");
        comparison.stop();
        return true;
    }

    private static int compare(Comparison comparison, Session session) {
        boolean anyDone = comparison.run();
        if (comparison.stopped()) {
            session.err()
                    .println("interrupted; " + comparison.finished() + " in " + comparison.folder()
                            + "; the same command goes on from there");
            return ExitCode.INTERRUPTED;
        }
        session.out().print(comparison.text());
        session.out().println(comparison.folder());
        return anyDone ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static Comparison.Settings settings(CommandLine line, Session session, Grid grid, int seeds, int jobs) {
        String name = grid.cells().get(0).recipe().recipe().name() + "-compare";
        return new Comparison.Settings(
                Optional.ofNullable(line.getOptionValue(OUTPUT))
                        .map(Path::of)
                        .orElseGet(() -> session.runs(line).resolve(name)),
                Optional.ofNullable(line.getOptionValue(DRIFT)).map(Path::of).map(TrainedDrift::new),
                seeds,
                jobs,
                line.hasOption(AGAIN));
    }

    private static Comparison.Listener listener(Session session) {
        return new Comparison.Listener() {
            @Override
            public void found(int finished, int runs) {
                session.err()
                        .println(runs
                                + (runs == 1 ? " run" : " runs")
                                + (finished == 0 ? "" : ", " + finished + " finished already"));
            }

            @Override
            public void ended(String line) {
                session.err().println(line);
            }
        };
    }

    private static int count(CommandLine line, String option) {
        String given = line.getOptionValue(option, "1");
        if (!given.matches("[1-9][0-9]{0,3}")) {
            throw new UsageException("--" + option + ": expected a whole number from 1 to 9999, got \"" + given + "\"");
        }
        return Integer.parseInt(given);
    }
}
