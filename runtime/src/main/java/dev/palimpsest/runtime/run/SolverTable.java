package dev.palimpsest.runtime.run;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.ScalarChannel;
import dev.palimpsest.runtime.probe.SolverBias;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeException;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the solvers of recipes make of the standard deviation, for a Gaussian prior with an exact drift: the solvers' bias alone, without any training. */
public final class SolverTable {
    /** sigma / s of the columns. */
    public static final List<Double> RATIOS = List.of(.5, 1.0, 2.0, 3.0, 5.0);

    private final Extensions extensions;
    private final Path home;
    private Optional<Probed> last = Optional.empty();

    /**
     * A recipe's solver.
     *
     * @param calls network calls for each restored item
     * @param deviations at the fixed point, in units of the true one, for y = x + noise at each of the {@link #RATIOS}; empty where the solver gives up
     * @param own the same for the recipe's own forward model and data; empty where that is no channel of single coordinates
     */
    public record Row(int calls, List<OptionalDouble> deviations, OptionalDouble own) {}

    private record Probed(DataSource data, ForwardModel forward, long seed, Probe probe) {
        boolean isOf(Recipe recipe) {
            return data.equals(recipe.data()) && forward.equals(recipe.forward()) && seed == recipe.seed();
        }
    }

    public SolverTable(Extensions extensions, Path home) {
        this.extensions = extensions;
        this.home = home;
    }

    /**
     * The solvers that the recipe could have instead of its own, by what they would be called there: all loaded ones, those that have steps with several
     * numbers of them.
     */
    public Map<String, OdeSolver> choices(RecipeReader reader, Path file, List<String> overrides) {
        Map<String, OdeSolver> solvers = new LinkedHashMap<>();
        for (String choice : SolverChoices.of(extensions)) {
            List<String> more = new ArrayList<>(overrides);
            more.add("solver=" + choice);
            try {
                solvers.put(choice, reader.read(file, more).recipe().solver());
            } catch (RecipeException hasKeysWithoutDefaults) {
                continue;
            }
        }
        return solvers;
    }

    /** What a recipe's forward model is, by calling it; the last one is remembered. */
    public Probe probe(Recipe recipe) {
        Probed probed = last.filter(known -> known.isOf(recipe))
                .orElseGet(() -> new Probed(
                        recipe.data(),
                        recipe.forward(),
                        recipe.seed(),
                        Trial.with(recipe, extensions, home, Probe.MOST_ITEMS, Pipeline::probe)));
        last = Optional.of(probed);
        return probed.probe();
    }

    /**
     * The row of a recipe with these solvers.
     *
     * @param training solves the ODE in the loop
     * @param restoring solves it in the end
     */
    public Row row(Recipe recipe, OdeSolver training, OdeSolver restoring) {
        SolverBias bias = new SolverBias(
                Pipeline.solver(extensions, training),
                Pipeline.solver(extensions, restoring),
                Pipeline.schedule(extensions, recipe));
        Probe probe = probe(recipe);
        double s = probe.deviation().orElse(1);
        return new Row(
                bias.calls(),
                RATIOS.stream()
                        .map(ratio -> bias.deviation(new ScalarChannel(1, ratio * s), s))
                        .toList(),
                own(probe, bias));
    }

    /**
     * What a solver leaves of the standard deviation in a channel, in the loop and in the end.
     *
     * @see SolverBias#deviation
     */
    public OptionalDouble deviation(
            InterpolantSchedule schedule, OdeSolver training, OdeSolver restoring, ScalarChannel channel, double s) {
        return new SolverBias(Pipeline.solver(extensions, training), Pipeline.solver(extensions, restoring), schedule)
                .deviation(channel, s);
    }

    /** How often a solver calls the network for one restored item. */
    public int calls(InterpolantSchedule schedule, OdeSolver solver) {
        return new SolverBias(Pipeline.solver(extensions, solver), schedule).calls();
    }

    static OptionalDouble own(Probe probe, SolverBias bias) {
        return probe.deviation().isPresent()
                ? bias.deviation(probe.channel(), probe.deviation().getAsDouble())
                : OptionalDouble.empty();
    }
}
