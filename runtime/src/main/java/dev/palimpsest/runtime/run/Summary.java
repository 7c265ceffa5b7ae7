package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.simple.SimpleScore;
import dev.palimpsest.runtime.train.Trained;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What summary.json holds.
 *
 * @param evaluationsPerItem network calls for each item and training step, transport included
 * @param simple of simple estimates, and beside them of y and of what was learned: the metrics by name, on how many items, and how it was made
 * @param bands of images: what each band of frequencies holds, and what of it the rounds cannot have changed
 * @param checkpoints which checkpoints the criteria would choose, the loss among them
 * @param curve what training had reached at each checkpoint, after how many seconds and network calls
 * @param restoringCalls network calls for each restored item
 */
record Summary(
        String name,
        long seed,
        long parameters,
        int steps,
        long itemsSeen,
        double evaluationsPerItem,
        Seconds seconds,
        double restoringCalls,
        Map<String, Map<String, Object>> scores,
        Map<String, Map<String, Object>> simple,
        List<BandPower> bands,
        List<Map<String, Object>> checkpoints,
        List<Map<String, Object>> curve,
        List<String> warnings) {

    /**
     * Wall-clock seconds of the stages.
     *
     * @param firstStep from the start of the program to the end of its first training step, if there was one
     * @param train without the judging of checkpoints
     * @param judge that of the checkpoints
     * @param total from the start of the run to its scores; of a run that went on, of the last process alone, and of what it went on from the training
     */
    record Seconds(
            OptionalDouble firstStep, double train, double judge, double restore, double evaluate, double total) {}

    static Summary of(
            Recipe recipe,
            Trained trained,
            Seconds seconds,
            double restoringCalls,
            List<Score> scores,
            List<SimpleScore> simple,
            List<BandPower> bands,
            List<Checkpoint> checkpoints,
            List<String> warnings) {
        Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
        for (Score score : scores) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("value", score.value());
            put(values, "mean", score.mean());
            values.put("better", score.better().name().toLowerCase(Locale.ROOT));
            put(values, "identity", score.identity());
            put(values, "floor", score.floor());
            put(values, "pValue", score.pValue());
            if (!score.about().isEmpty()) {
                values.put("about", score.about());
            }
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
                restoringCalls,
                byName,
                named(simple),
                bands,
                Choice.of(checkpoints).stream().map(Choice::json).toList(),
                checkpoints.stream().map(Checkpoint::json).toList(),
                List.copyOf(warnings));
    }

    private static Map<String, Map<String, Object>> named(List<SimpleScore> simple) {
        Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
        for (SimpleScore each : simple) {
            Map<String, Object> values = new LinkedHashMap<>(each.scores());
            values.put("items", each.items());
            if (!each.about().isEmpty()) {
                values.put("about", each.about());
            }
            byName.put(each.name(), values);
        }
        return byName;
    }

    private static void put(Map<String, Object> values, String key, OptionalDouble value) {
        value.ifPresent(v -> values.put(key, v));
    }
}
