package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What is measured after training. */
public record EvaluationSettings(
        @Doc("the scores to compute; those that need clean data are left out where there are none")
        List<Metric> metrics,

        @Doc(
                "restorations of each pictured image, with lost pixels filled anew, whose standard deviation is shown as its uncertainty; 0: none")
        @Range(min = 0, max = 1000)
        int draws) {
    public EvaluationSettings {
        Ranges.check(EvaluationSettings.class, metrics, draws);
        metrics = List.copyOf(metrics);
        requireDifferentNames(metrics);
        if (draws == 1) {
            throw new IllegalArgumentException(
                    "draws must be 0 or at least 2, for one restoration has no deviation, got 1");
        }
    }

    public EvaluationSettings() {
        this(List.of(), 0);
    }

    /** Scores stand in summary.json by their names: one of two with the same name would be lost. */
    private static void requireDifferentNames(List<Metric> metrics) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < metrics.size(); i++) {
            String name =
                    metrics.get(i).getClass().getSimpleName() + metrics.get(i).suffix();
            Integer earlier = numbers.putIfAbsent(name, i + 1);
            if (earlier != null) {
                throw new IllegalArgumentException("metrics must have scores of different names, but numbers " + earlier
                        + " and " + (i + 1) + " are both " + name + "; leave one of them out");
            }
        }
    }

    /** The same metrics, with another feature map in place of each that they have. */
    public EvaluationSettings withFeatures(UnaryOperator<FeatureMap> replacement) {
        return new EvaluationSettings(
                metrics.stream().map(metric -> metric.withFeatures(replacement)).toList(), draws);
    }
}
