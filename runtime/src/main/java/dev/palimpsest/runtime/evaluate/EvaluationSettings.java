package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import java.util.List;
import java.util.function.UnaryOperator;

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

    /** The same metrics, with another feature map in place of each that they have. */
    public EvaluationSettings withFeatures(UnaryOperator<FeatureMap> replacement) {
        return new EvaluationSettings(
                metrics.stream().map(metric -> metric.withFeatures(replacement)).toList());
    }
}
