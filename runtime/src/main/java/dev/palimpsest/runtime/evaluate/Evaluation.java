package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.OptionalDouble;

/** Scores held-out items. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * The scores of all metrics, in order; those that need clean items are left out where there are none, and so is whatever cannot be
     * computed or is not a finite number. Each metric draws from a stream of its own, so that none changes another's score.
     */
    public static List<Score> scores(EvaluationSettings settings, HeldOut heldOut, RandomStreams streams) {
        if (heldOut.y().isEmpty()) {
            return List.of();
        }
        return settings.metrics().stream()
                .filter(metric -> heldOut.clean().isPresent() || !metric.needsClean())
                .flatMap(metric ->
                        metric
                                .scores(
                                        heldOut,
                                        streams.stream(
                                                "metric:" + metric.getClass().getSimpleName(), 0))
                                .stream())
                .filter(score -> Double.isFinite(score.value()))
                .map(score -> new Score(
                        score.name(),
                        score.better(),
                        score.value(),
                        finite(score.identity()),
                        finite(score.floor()),
                        score.pValue(),
                        score.about()))
                .toList();
    }

    /** Why scores are left out that the recipe asks for, other than for want of clean items, and what to do. */
    public static List<String> warnings(EvaluationSettings settings, HeldOut heldOut) {
        if (heldOut.y().isEmpty()) {
            return List.of();
        }
        return settings.metrics().stream()
                .flatMap(metric -> metric.warnings(heldOut).stream())
                .toList();
    }

    private static OptionalDouble finite(OptionalDouble anchor) {
        return anchor.stream().filter(Double::isFinite).findFirst();
    }
}
