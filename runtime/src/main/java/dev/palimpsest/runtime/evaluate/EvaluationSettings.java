package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.List;

/** What is measured after training. */
public record EvaluationSettings(
        @Doc("the scores to compute; those that need clean data are left out where there are none")
        List<Metric> metrics) {
    public EvaluationSettings {
        metrics = List.copyOf(metrics);
    }

    public EvaluationSettings() {
        this(List.of());
    }
}
