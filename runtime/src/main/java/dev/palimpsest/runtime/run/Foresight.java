package dev.palimpsest.runtime.run;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.SolverBias;
import dev.palimpsest.runtime.recipe.RecipeReader;
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

    /** @param folder of the run, in which its recipe lies */
    List<String> alarms(RunFolder folder) {
        OptionalDouble deviation = SolverTable.own(
                probe, new SolverBias(pipeline.trainingSolver(), pipeline.solver(), pipeline.schedule()));
        return Alarms.before(probe, deviation, () -> better(folder));
    }

    /** The solver with the fewest network calls that loses less than 1 %. */
    private Optional<String> better(RunFolder folder) {
        Map<String, OdeSolver> choices = new SolverTable(extensions, folder.path())
                .choices(new RecipeReader(extensions), folder.path().resolve("recipe.yaml"), List.of());
        Optional<String> best = Optional.empty();
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, OdeSolver> choice : choices.entrySet()) {
            OdeSolver solver = Pipeline.solver(extensions, choice.getValue());
            SolverBias bias = new SolverBias(solver, pipeline.schedule());
            int calls = bias.calls();
            if (calls < fewest) {
                double deviation = SolverTable.own(probe, bias).orElse(Double.NaN);
                if (Math.abs(deviation - 1) <= GOOD) {
                    fewest = calls;
                    best = Optional.of(String.format(
                            Locale.ROOT,
                            "solver=\"%s\" (%d network calls), also as train.solver, would end at %.3f",
                            choice.getKey(),
                            calls,
                            deviation));
                }
            }
        }
        return best;
    }
}
