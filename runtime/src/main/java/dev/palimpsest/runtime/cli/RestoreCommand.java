package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.restore.Estimate;
import dev.palimpsest.runtime.restore.FileRestoration;
import dev.palimpsest.runtime.restore.LostMark;
import dev.palimpsest.runtime.restore.Request;
import dev.palimpsest.runtime.restore.Restored;
import dev.palimpsest.runtime.run.Restorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** restore RUN --input FILES --output DIR. */
final class RestoreCommand implements Command {
    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final String CONDITIONING = "conditioning";
    private static final String LOST = "lost";
    private static final String ESTIMATE = "estimate";
    private static final String DRAWS = "draws";
    private static final String AGAIN = "again";

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public String arguments() {
        return "RUN --input FILES --output DIR";
    }

    @Override
    public String summary() {
        return "restores new observations with a trained run, into files of the same format and names; called again, it restores only what is missing";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest restore runs/quickstart/1 --input scans --conditioning masks --output restored --draws 8",
                "palimpsest restore runs/quickstart/1 --input scans --conditioning masks --output restored --estimate mean  # the best estimate of each",
                "palimpsest restore runs/quickstart/1 --input scans --lost 0 --output restored  # black pixels are the lost ones");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Command.option(
                INPUT,
                "FILES",
                "an image, a folder of PNG, JPEG or TIFF images (folders in it too), a .npy file [n, ...], or a .npz file of"
                        + " the array y and perhaps conditioning"));
        options.addOption(Command.option(OUTPUT, "DIR", "the folder of the results, made if it is missing"));
        options.addOption(
                Command.option(
                        CONDITIONING,
                        "FILES",
                        "what is known of each one's corruption: a .npy file, a row for each in the order of their names (default:"
                                + " conditioning in the same .npz, or conditioning.npy beside the input), or a folder of images of the same names, black 0 and white 1"));
        options.addOption(
                Command.option(
                        LOST,
                        "VALUE",
                        "how lost pixels are marked, instead of a mask: a sample (0 to 255 or 65535 in images), nan (in arrays), or transparent"));
        options.addOption(
                Command.option(
                        ESTIMATE,
                        "WHICH",
                        "sample (the default), which looks like clean data and has their distribution; mean, the posterior mean, which is nearest to each clean item in mean"
                                + " square and smooth where the data say nothing; or both, in the folders sample and posterior-mean"));
        options.addOption(Command.option(
                DRAWS,
                "K",
                "samples of each, in draw-1 to draw-K, with lost pixels filled anew, beside their mean and deviation (in"
                        + " images black 0, white 1 or more)"));
        options.addOption(Command.flag(AGAIN, "restore also what an earlier call has finished"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        Path run = Path.of(arguments(line, 1, 1).get(0));
        Request request = request(line);
        try (Plugins plugins = session.plugins(line)) {
            return restore(plugins, run, request, session);
        }
    }

    private static int restore(Plugins plugins, Path run, Request request, Session session) {
        try (Restorer restorer = Restorer.open(plugins, run);
                ConsoleProgress progress = new ConsoleProgress(session, List.of())) {
            restorer.warnings().forEach(progress::warning);
            FileRestoration restoration = new FileRestoration(restorer, request, progress);
            return Interruption.handled(progress::stop, () -> {
                Restored restored = restoration.run();
                if (restored.stopped()) {
                    session.err().println("interrupted; " + restored);
                    return ExitCode.INTERRUPTED;
                }
                session.out().println(restored);
                session.out().println(restored.output());
                return ExitCode.DONE;
            });
        }
    }

    private Request request(CommandLine line) {
        if (!line.hasOption(INPUT) || !line.hasOption(OUTPUT)) {
            throw new UsageException("usage: palimpsest " + name() + " " + arguments());
        }
        String draws = line.getOptionValue(DRAWS, "1");
        if (!draws.matches("[1-9][0-9]{0,3}")) {
            throw new UsageException("--" + DRAWS + ": expected a whole number from 1 to 9999, got \"" + draws + "\"");
        }
        Estimate estimate = estimate(line.getOptionValue(ESTIMATE, Estimate.SAMPLE.toString()));
        if (estimate == Estimate.MEAN && !draws.equals("1")) {
            throw new UsageException("--" + DRAWS + " draws samples, of which --" + ESTIMATE
                    + " mean has none: an observation has one posterior mean; leave out --" + DRAWS + ", or say --"
                    + ESTIMATE + " both");
        }
        return new Request(
                Path.of(line.getOptionValue(INPUT)),
                Path.of(line.getOptionValue(OUTPUT)),
                Optional.ofNullable(line.getOptionValue(CONDITIONING)).map(Path::of),
                Optional.ofNullable(line.getOptionValue(LOST)).map(RestoreCommand::mark),
                estimate,
                Integer.parseInt(draws),
                line.hasOption(AGAIN));
    }

    private static Estimate estimate(String text) {
        return Stream.of(Estimate.values())
                .filter(estimate -> estimate.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new UsageException("--" + ESTIMATE + ": expected sample, mean or both, got \"" + text + "\""));
    }

    private static LostMark mark(String text) {
        try {
            return LostMark.of(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + LOST + ": " + e.getMessage());
        }
    }
}
