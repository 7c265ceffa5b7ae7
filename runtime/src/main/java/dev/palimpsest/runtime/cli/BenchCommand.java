package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.run.Bench;
import dev.palimpsest.runtime.run.BenchTable;
import dev.palimpsest.runtime.run.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** bench RECIPE [key=a,b ...]. */
final class BenchCommand implements Command {
    private static final String ITEM = "item";
    private static final String KERNELS = "kernels";
    private static final String OUTPUT = "output";
    private static final String SIZE = "[1-9][0-9]{0,5}";

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String arguments() {
        return "RECIPE [key=a,b ...]";
    }

    @Override
    public String summary() {
        return "times the drift's forward pass, gradient, training step and transport, and prints one JSON object of median seconds; one a line for each of several values";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest bench recipes/quickstart.yaml train.batch=2,4,16,64 --item 1x32x32 --output bench",
                "palimpsest bench recipes/quickstart.yaml --kernels  # where the time of a step goes");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Command.option(
                ITEM,
                "SHAPE",
                "items of noise of this shape, such as 3x64x64, or of several, 3x32x32,3x64x64; no data are read"));
        options.addOption(Command.flag(KERNELS, "print where the time of a step goes, layer by layer, as a table"));
        options.addOption(
                Command.option(OUTPUT, "DIR", "also write bench.csv and bench.html, with a plot of each part's time"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        List<Optional<long[]>> items = items(line);
        if (line.hasOption(KERNELS) && line.hasOption(OUTPUT)) {
            throw new UsageException("--kernels prints a table and nothing else; leave out --output");
        }
        try (Plugins plugins = session.plugins(line)) {
            Grid grid = Grid.read(
                    new RecipeReader(plugins),
                    List.of(Path.of(arguments.get(0))),
                    arguments.subList(1, arguments.size()));
            List<BenchTable.Row> rows = new ArrayList<>();
            for (Grid.Cell cell : grid.cells()) {
                for (Optional<long[]> item : items) {
                    Map<String, String> values = new LinkedHashMap<>(cell.values());
                    item.filter(shape -> items.size() > 1)
                            .ifPresent(shape -> values.put(ITEM, BenchTable.inWords(shape)));
                    if (line.hasOption(KERNELS)) {
                        session.out()
                                .print(KernelTable.of(
                                        values, Bench.kernels(cell.recipe().recipe(), plugins, session.home(), item)));
                    } else {
                        BenchTable.Row row = new BenchTable.Row(
                                values, Bench.cost(cell.recipe().recipe(), plugins, session.home(), item));
                        session.out().print(Json.line(row.asJson()));
                        session.out().flush();
                        rows.add(row);
                    }
                }
            }
            Optional.ofNullable(line.getOptionValue(OUTPUT))
                    .ifPresent(folder -> new BenchTable(rows).write(Path.of(folder)));
            return ExitCode.DONE;
        }
    }

    private static List<Optional<long[]>> items(CommandLine line) {
        return line.hasOption(ITEM)
                ? Arrays.stream(line.getOptionValue(ITEM).split(",", -1))
                        .map(BenchCommand::shape)
                        .map(Optional::of)
                        .toList()
                : List.of(Optional.empty());
    }

    private static long[] shape(String given) {
        if (!given.matches(SIZE + "(x" + SIZE + "){0,2}")) {
            throw new UsageException(
                    "--item: expected one to three whole numbers from 1 to 999999 such as 3x64x64, got \"" + given
                            + "\"");
        }
        return Arrays.stream(given.split("x")).mapToLong(Long::parseLong).toArray();
    }
}
