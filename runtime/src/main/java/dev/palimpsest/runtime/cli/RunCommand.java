package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.run.Run;
import dev.palimpsest.runtime.run.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** run RECIPE [key=value ...]. */
final class RunCommand implements Command {
    private static final String DRIFT = "drift";
    private static final String TENSORBOARD = "tensorboard";

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String arguments() {
        return Recipes.ARGUMENTS;
    }

    @Override
    public String summary() {
        return "simulates or reads the observations, trains, restores, evaluates and reports, all in one run folder";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest run recipes/quickstart.yaml solver.type=heun train.steps=500  # another solver, fewer steps",
                "palimpsest run recipes/quickstart.yaml solver.steps=1 --drift runs/quickstart/1  # restore with a drift that is trained already");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Command.option(CommandLineInterface.RUNS, "DIR", "the folder of all runs (default: runs)"));
        options.addOption(Command.option(DRIFT, "RUN", "use the trained drift of this earlier run, and do not train"));
        options.addOption(
                Command.flag(TENSORBOARD, "also write event files for TensorBoard, in the run's folder tensorboard/"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        try (Plugins plugins = session.plugins(line)) {
            var recipe = Recipes.read(arguments, plugins);
            try (ConsoleProgress progress = new ConsoleProgress(session, Session.roots(line))) {
                Run run = new Run(session.home(), plugins, recipe, progress);
                Optional<Path> drift =
                        Optional.ofNullable(line.getOptionValue(DRIFT)).map(Path::of);
                return carriedOut(
                        session, progress, () -> run.execute(session.runs(line), drift, line.hasOption(TENSORBOARD)));
            }
        }
    }

    /** Carries out a run to its end, or until it is interrupted. */
    static int carriedOut(Session session, ConsoleProgress progress, Supplier<RunFolder> run) {
        return Interruption.handled(progress::stop, () -> {
            RunFolder folder = run.get();
            if (progress.stopped() && !folder.finished()) {
                progress.tellHowToGoOn();
                return ExitCode.INTERRUPTED;
            }
            session.out().print(ScoreTable.of(folder));
            session.out().println(folder.path());
            return ExitCode.DONE;
        });
    }
}
