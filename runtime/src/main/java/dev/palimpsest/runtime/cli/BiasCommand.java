package dev.palimpsest.runtime.cli;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.ScalarChannel;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.run.SolverTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;

/** bias RECIPE [key=a,b ...]. */
final class BiasCommand implements Command {
    private static final String COLUMN = "%9s";

    @Override
    public String name() {
        return "bias";
    }

    @Override
    public String arguments() {
        return "RECIPE [key=a,b ...]";
    }

    @Override
    public String summary() {
        return "computes, without training, which standard deviation solvers leave of a Gaussian whose true one is 1: of a grid each cell's solver (alone, unless train.solver is an axis too), else the recipe's and all others";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest bias recipes/gaussian.yaml",
                "palimpsest bias recipes/gaussian.yaml \"solver={type: euler, steps: 16},{type: midpoint, steps: 8}\" forward.sigma=0.5,2");
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        try (Plugins plugins = session.plugins(line)) {
            RecipeReader reader = new RecipeReader(plugins);
            Path file = Path.of(arguments.get(0));
            List<String> overrides = arguments.subList(1, arguments.size());
            Grid grid = Grid.read(reader, List.of(file), overrides);
            SolverTable table = new SolverTable(plugins, session.home());
            Recipe first = grid.cells().get(0).recipe().recipe();
            if (grid.axes().stream().noneMatch(axis -> axis.startsWith("forward") || axis.startsWith("data"))) {
                session.out().println(described(table.probe(first)));
            }
            session.out().println("standard deviation of what is restored, where the true one is 1, at sigma/s =");
            Map<String, Supplier<SolverTable.Row>> rows = new LinkedHashMap<>();
            if (grid.axes().isEmpty()) {
                OdeSolver inTheLoop = first.train().solver().orElse(first.solver());
                rows.put("this recipe", () -> table.row(first, inTheLoop, first.solver()));
                rows.put("train.solver alone", () -> table.row(first, inTheLoop, inTheLoop));
                rows.put("solver alone", () -> table.row(first, first.solver(), first.solver()));
                table.choices(reader, file, overrides)
                        .forEach((name, solver) -> rows.put(name, () -> table.row(first, solver, solver)));
            } else {
                boolean loops = grid.axes().stream().anyMatch(axis -> axis.startsWith("train.solver"));
                for (Grid.Cell cell : grid.cells()) {
                    Recipe recipe = cell.recipe().recipe();
                    OdeSolver inTheLoop = loops ? recipe.train().solver().orElse(recipe.solver()) : recipe.solver();
                    rows.put(cell.name(), () -> table.row(recipe, inTheLoop, recipe.solver()));
                }
            }
            print(session.out(), rows);
            return ExitCode.DONE;
        }
    }

    private static String described(Probe probe) {
        if (probe.deviation().isEmpty()) {
            return !probe.affine()
                    ? "the forward model is not affine, so that the last column is empty"
                    : probe.coordinatewise()
                            ? "the forward model leaves nothing of the clean items' spread, so that the last column is empty"
                            : "the forward model mixes coordinates, so that the last column is empty";
        }
        ScalarChannel channel = probe.channel();
        double s = probe.deviation().getAsDouble();
        return String.format(
                Locale.ROOT,
                "a coordinate of y is %.3f x + noise of %.3f%s; by the observations, the clean ones deviate by s = %.3f, so that sigma/s is %.3f",
                channel.gain(),
                channel.noise(),
                channel.lost() > 0 ? String.format(Locale.ROOT, ", or lost with probability %.2f", channel.lost()) : "",
                s,
                channel.noise() / s);
    }

    private static void print(PrintStream out, Map<String, Supplier<SolverTable.Row>> rows) {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        String name = "%-" + width + "s ";
        StringBuilder head = new StringBuilder(String.format(name + "%6s", "", "calls"));
        SolverTable.RATIOS.forEach(ratio -> head.append(String.format(COLUMN, ratio)));
        out.println(head.append(String.format(COLUMN, "here")));
        rows.forEach((key, row) -> out.println(String.format(name, key) + cells(row)));
    }

    /** A solver that fails is told in its row, so that the others are still seen. */
    private static String cells(Supplier<SolverTable.Row> row) {
        try {
            SolverTable.Row values = row.get();
            StringBuilder cells = new StringBuilder(String.format("%6s", values.calls()));
            values.deviations().forEach(deviation -> cells.append(String.format(COLUMN, number(deviation, "gave up"))));
            return cells.append(String.format(COLUMN, number(values.own(), "")))
                    .toString()
                    .stripTrailing();
        } catch (PluginException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static String number(OptionalDouble value, String otherwise) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : otherwise;
    }
}
