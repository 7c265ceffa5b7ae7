package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.compare.RunsPage;
import dev.palimpsest.runtime.run.ReportPage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** report RUN [RUN ...]. */
final class ReportCommand implements Command {
    private static final String OUTPUT = "output";

    @Override
    public String name() {
        return "report";
    }

    @Override
    public String arguments() {
        return "RUN [RUN ...]";
    }

    @Override
    public String summary() {
        return "writes the page of a run anew, from the files in its folder; of several runs, one page on which they stand side by side";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest report runs/quickstart/1",
                "palimpsest report runs/quickstart/1 runs/quickstart/2 --output both.html  # side by side");
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Command.option(
                        OUTPUT, "FILE", "where the page is written; else report.html in the run, or runs.html here"));
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<Path> runs =
                arguments(line, 1, Integer.MAX_VALUE).stream().map(Path::of).toList();
        boolean one = runs.size() == 1;
        Path page = Optional.ofNullable(line.getOptionValue(OUTPUT))
                .map(Path::of)
                .orElseGet(() -> one ? runs.get(0).resolve("report.html") : Path.of("runs.html"));
        if (one) {
            ReportPage.write(runs.get(0), page);
        } else {
            RunsPage.write(runs, page);
        }
        session.out().println(page);
        return ExitCode.DONE;
    }
}
