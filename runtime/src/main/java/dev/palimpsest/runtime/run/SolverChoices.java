package dev.palimpsest.runtime.run;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The solvers that a recipe could have instead of its own: all that are loaded, each as a recipe would name it. */
final class SolverChoices {
    private static final List<Integer> STEPS = List.of(4, 8, 16, 32, 64);

    private SolverChoices() {}

    /** Such as {@code {type: midpoint, steps: 8}}: with several numbers of steps where a solver has them, else with its defaults. */
    static List<String> of(Extensions extensions) {
        return extensions.of(OdeSolver.class).stream()
                .flatMap(SolverChoices::of)
                .toList();
    }

    private static Stream<String> of(Extension<OdeSolver> extension) {
        boolean hasSteps = Arrays.stream(extension.type().getRecordComponents())
                .anyMatch(component -> component.getName().equals("steps"));
        return hasSteps
                ? STEPS.stream().map(steps -> "{type: " + extension.name() + ", steps: " + steps + "}")
                : Stream.of("{type: " + extension.name() + "}");
    }
}
