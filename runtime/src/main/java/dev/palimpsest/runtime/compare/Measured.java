package dev.palimpsest.runtime.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.evaluate.Score;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/**
 * What a run's summary.json says.
 *
 * @param restoringCalls network calls for each restored item
 * @param evaluationsPerItem network calls for each item and training step, transport included
 * @param steps training steps
 * @param itemsSeen how many items training took in
 */
record Measured(
        double restoringCalls,
        double evaluationsPerItem,
        long steps,
        long itemsSeen,
        double trainSeconds,
        double restoreSeconds,
        double totalSeconds,
        List<Score> scores,
        List<String> warnings) {

    static Measured of(String summary) {
        JsonObject json = JsonParser.parseString(summary).getAsJsonObject();
        JsonObject seconds = json.getAsJsonObject("seconds");
        JsonArray warnings = json.getAsJsonArray("warnings");
        return new Measured(
                json.get("restoringCalls").getAsDouble(),
                json.get("evaluationsPerItem").getAsDouble(),
                json.get("steps").getAsLong(),
                json.get("itemsSeen").getAsLong(),
                seconds.get("train").getAsDouble(),
                seconds.get("restore").getAsDouble(),
                seconds.get("total").getAsDouble(),
                json.getAsJsonObject("scores").entrySet().stream()
                        .map(score -> score(score.getKey(), score.getValue().getAsJsonObject()))
                        .toList(),
                StreamSupport.stream(warnings.spliterator(), false)
                        .map(JsonElement::getAsString)
                        .toList());
    }

    private static Score score(String name, JsonObject score) {
        return new Score(
                name,
                Score.Better.valueOf(score.get("better").getAsString().toUpperCase(Locale.ROOT)),
                score.get("value").getAsDouble(),
                number(score, "identity"),
                number(score, "floor"),
                number(score, "pValue"));
    }

    private static OptionalDouble number(JsonObject score, String key) {
        return score.has(key) ? OptionalDouble.of(score.get(key).getAsDouble()) : OptionalDouble.empty();
    }
}
