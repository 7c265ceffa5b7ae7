package dev.palimpsest.runtime.recipe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a recipe, so that all of it is told at once. */
final class Problems {
    private record Problem(Place at, String sentence) {}

    private final List<Problem> found = new ArrayList<>();

    void add(Place at, String sentence) {
        found.add(new Problem(at, sentence));
    }

    /** @throws RecipeException if there are any, in reading order */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new RecipeException(found.stream()
                    .sorted(Comparator.comparing(Problem::at))
                    .map(problem -> problem.at() + ": " + problem.sentence())
                    .distinct()
                    .toList());
        }
    }
}
