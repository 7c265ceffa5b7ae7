package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.diagnose.Diagnosis;
import dev.palimpsest.runtime.diagnose.Summary;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.report.DiagnosisPage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** diagnose RECIPE [key=value ...]. */
final class DiagnoseCommand implements Command {
    private static final String OUTPUT = "output";
    private static final String QUICK = "quick";

    @Override
    public String name() {
        return "diagnose";
    }

    @Override
    public String arguments() {
        return Recipes.ARGUMENTS;
    }

    @Override
    public String summary() {
        return "calls the forward model, without training, and says what it destroys, how fast each frequency can be recovered, and with which solver; writes a page";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest diagnose recipes/quickstart.yaml",
                "palimpsest diagnose recipes/quickstart.yaml 'forward={type: gaussian-blur, sigma: 2}' --quick  # another corruption of the same images");
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Command.option(OUTPUT, "FILE", "where the page is written; else runs/<name>/diagnosis.html"))
                .addOption(
                        Command.flag(
                                QUICK,
                                "do not try each direction by itself, which takes a call for each number of an item (up to 1024)"))
                .addOption(Command.option(CommandLineInterface.RUNS, "DIR", "the folder of runs, instead of runs/"));
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        try (Plugins plugins = session.plugins(line)) {
            String name = Recipes.read(arguments, plugins).recipe().name();
            Path page = line.hasOption(OUTPUT)
                    ? Path.of(line.getOptionValue(OUTPUT))
                    : session.runs(line).resolve(name).resolve("diagnosis.html");
            WholeFile.requirePlace(page);
            session.err().println("calling the forward model");
            Diagnosis diagnosis = Diagnosis.of(
                    Path.of(arguments.get(0)),
                    arguments.subList(1, arguments.size()),
                    plugins,
                    session.home(),
                    !line.hasOption(QUICK));
            print(session.out(), diagnosis);
            WholeFile.write(page, DiagnosisPage.html(Summary.content(diagnosis)).getBytes(StandardCharsets.UTF_8));
            session.out().println(page);
            return ExitCode.DONE;
        }
    }

    private static void print(PrintStream out, Diagnosis diagnosis) {
        diagnosis.facts().forEach(fact -> out.printf("%-17s %s%n", fact.name(), fact.value()));
        out.println();
        List<List<String>> table = Summary.table(diagnosis);
        for (List<String> row : table) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width =
                        table.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                text.append(String.format(column == 0 ? "%-" + width + "s" : "  %" + width + "s", row.get(column)));
            }
            out.println(text.toString().stripTrailing());
        }
        out.println();
        diagnosis.findings().forEach(finding -> out.println(finding.verdict().words() + ": " + finding.sentence()));
        out.println();
        diagnosis.advice().forEach(out::println);
        out.println();
        out.println("What calls alone cannot tell:");
        diagnosis.unknowns().forEach(sentence -> out.println("- " + sentence));
    }
}
