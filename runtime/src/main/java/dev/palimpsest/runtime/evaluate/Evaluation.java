package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores held-out items. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * The scores of all metrics, in order; those that need clean items are left out where there are none, and so is whatever cannot be
     * computed or is not a finite number. Where there are posterior means, each metric is also applied to these in the place of the restored items. Each metric
     * draws from a stream of its own, so that none changes another's score.
     */
    public static List<Score> scores(EvaluationSettings settings, HeldOut heldOut, RandomStreams streams) {
        if (heldOut.y().isEmpty()) {
            return List.of();
        }
        return settings.metrics().stream()
                .filter(metric -> heldOut.clean().isPresent() || !metric.needsClean())
                .flatMap(metric -> scores(metric, heldOut, streams).stream())
                .toList();
    }

    private static List<Score> scores(Metric metric, HeldOut heldOut, RandomStreams streams) {
        Map<String, Double> ofMean = heldOut.ofMean().stream()
                .flatMap(means -> finite(metric, means, streams))
                .collect(Collectors.toMap(Score::name, Score::value));
        return finite(metric, heldOut, streams)
                .map(score -> new Score(
                        score.name(),
                        score.better(),
                        score.value(),
                        ofMean.containsKey(score.name())
                                ? OptionalDouble.of(ofMean.get(score.name()))
                                : OptionalDouble.empty(),
                        finite(score.identity()),
                        finite(score.floor()),
                        score.pValue(),
                        score.about()))
                .toList();
    }

    private static Stream<Score> finite(Metric metric, HeldOut heldOut, RandomStreams streams) {
        return metric
                .scores(heldOut, streams.stream("metric:" + metric.getClass().getSimpleName(), 0))
                .stream()
                .filter(score -> Double.isFinite(score.value()));
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
