package dev.palimpsest.runtime.simple;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How near to the clean items an estimate comes that needs no learning, or, to compare with, y itself and what was learned.
 *
 * @param name of the estimate, or "observed", "restored", "mean"
 * @param items how many held-out items it was scored on
 * @param scores by the names of the metrics
 * @param about how it was made and tuned; empty where its name says all
 */
public record SimpleScore(String name, int items, Map<String, Double> scores, String about) {
    /** Whether it is an estimate without learning. */
    public boolean simple() {
        return !learned() && !name.equals(SimpleScores.OBSERVED);
    }

    /** Whether it is of what was learned. */
    public boolean learned() {
        return name.equals(SimpleScores.RESTORED) || name.equals(SimpleScores.MEAN);
    }

    /** Of a metric, if it was scored by it. */
    public OptionalDouble score(String metric) {
        return scores.containsKey(metric) ? OptionalDouble.of(scores.get(metric)) : OptionalDouble.empty();
    }
}
