package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.train.Trained;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What summary.json holds. */
record Summary(
        String name,
        long seed,
        long parameters,
        int steps,
        long itemsSeen,
        double evaluationsPerItem,
        Seconds seconds,
        Map<String, Map<String, Double>> scores,
        List<String> warnings) {

    /** Wall-clock seconds of the stages. */
    record Seconds(double train, double restore, double evaluate, double total) {}

    static Summary of(Recipe recipe, Trained trained, Seconds seconds, List<Score> scores, List<String> warnings) {
        Map<String, Map<String, Double>> byName = new LinkedHashMap<>();
        for (Score score : scores) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("value", score.value());
            put(values, "identity", score.identity());
            put(values, "floor", score.floor());
            put(values, "pValue", score.pValue());
            byName.put(score.name(), values);
        }
        return new Summary(
                recipe.name(),
                recipe.seed(),
                trained.drift().parameters().length(),
                trained.steps(),
                trained.items(),
                trained.evaluationsPerItem(),
                seconds,
                byName,
                List.copyOf(warnings));
    }

    private static void put(Map<String, Double> values, String key, OptionalDouble value) {
        value.ifPresent(v -> values.put(key, v));
    }
}
