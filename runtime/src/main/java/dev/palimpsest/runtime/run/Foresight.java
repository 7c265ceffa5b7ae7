package dev.palimpsest.runtime.run;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.SolverBias;
import dev.palimpsest.runtime.recipe.RecipeReader;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What can be said of a run before it trains. */
final class Foresight {
    private static final double GOOD = 0.01;

    private final Extensions extensions;
    private final Pipeline pipeline;
    private final Probe probe;

    Foresight(Extensions extensions, Pipeline pipeline, Probe probe) {
        this.extensions = extensions;
        this.pipeline = pipeline;
        this.probe = probe;
    }

    /**
     * The alarms.
     *
     * @param folder of the run, in which its recipe lies
     * @throws PluginException if the recipe's solver fails
     */
    List<String> alarms(RunFolder folder) {
        try {
            OptionalDouble deviation = SolverTable.own(
                    probe, new SolverBias(pipeline.trainingSolver(), pipeline.solver(), pipeline.schedule()));
            return Alarms.before(probe, deviation, () -> better(folder));
        } catch (PluginException e) {
            throw e.at("trying the solver on a Gaussian");
        }
    }

    /** The solver with the fewest network calls that loses less than 1 %. */
    private Optional<String> better(RunFolder folder) {
        Map<String, OdeSolver> choices = new SolverTable(extensions, folder.path())
                .choices(new RecipeReader(extensions), folder.path().resolve("recipe.yaml"), List.of());
        return choices.entrySet().stream()
                .map(choice -> tried(choice.getKey(), choice.getValue()))
                .flatMap(Optional::stream)
                .filter(choice -> Math.abs(choice.deviation - 1) <= GOOD)
                .min(Comparator.comparingInt(Candidate::calls))
                .map(choice -> String.format(
                        Locale.ROOT,
                        "solver=\"%s\" (%d network calls), also as train.solver, would end at %.3f",
                        choice.name,
                        choice.calls,
                        choice.deviation));
    }

    private record Candidate(String name, int calls, double deviation) {}

    /** Empty if the solver fails or gives up: it is then no choice. */
    private Optional<Candidate> tried(String name, OdeSolver solver) {
        try {
            SolverBias bias = new SolverBias(Pipeline.solver(extensions, solver), pipeline.schedule());
            OptionalDouble deviation = SolverTable.own(probe, bias);
            return deviation.isPresent()
                    ? Optional.of(new Candidate(name, bias.calls(), deviation.getAsDouble()))
                    : Optional.empty();
        } catch (PluginException failed) {
            return Optional.empty();
        }
    }
}
