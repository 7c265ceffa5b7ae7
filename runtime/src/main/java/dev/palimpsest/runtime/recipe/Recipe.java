package dev.palimpsest.runtime.recipe;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.train.TrainingSettings;

/** Everything that decides a run. */
public record Recipe(
        @Doc("names the run's folder: letters, digits, '.', '-' and '_'; without it, the file's name")
        String name,

        @Doc("the seed of all randomness") long seed,
        @Doc("where the items come from") DataSource data,
        @Doc("the corruption") ForwardModel forward,
        @Doc("the interpolant between clean and observed") InterpolantSchedule schedule,
        @Doc("the network that is trained") DriftArchitecture drift,
        @Doc("the ODE solver that restores") OdeSolver solver,
        @Doc("how the drift is trained") TrainingSettings train,
        @Doc("what is measured") EvaluationSettings evaluate) {
    public Recipe {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 100 letters, digits, '.', '-' and '_', starting with a letter or digit, got \""
                            + name + "\"");
        }
    }
}
