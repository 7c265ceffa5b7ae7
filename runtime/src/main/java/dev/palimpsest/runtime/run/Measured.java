package dev.palimpsest.runtime.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a run's summary.json says.
 *
 * @param restoringCalls network calls for each restored item
 * @param evaluationsPerItem network calls for each item and training step, transport included
 * @param steps training steps
 * @param itemsSeen how many items training took in
 * @param seconds of the stages by their names, in order
 * @param simple how near simple estimates come, and beside them y and what was learned; none where it cannot be known
 * @param bands what each band of frequencies of images holds; none for vectors
 */
public record Measured(
        String name,
        long seed,
        long parameters,
        double restoringCalls,
        double evaluationsPerItem,
        long steps,
        long itemsSeen,
        Map<String, Double> seconds,
        List<Score> scores,
        List<SimpleScore> simple,
        List<BandPower> bands,
        List<Reached> curve,
        List<String> warnings) {

    /**
     * What training had reached at a checkpoint.
     *
     * @param seconds of training, without the judging of checkpoints
     * @param qualities by name, those that are known
     */
    public record Reached(double seconds, double networkCalls, Map<String, Double> qualities) {}

    /** What is told of a checkpoint, by its name in summary.json: in words, and which way it points. */
    public enum Quality {
        TRUTH("truth", "distance to the truth", Score.Better.LOWER),
        PSNR("psnr", "psnr", Score.Better.HIGHER),
        OBSERVATION_ENERGY("observationEnergy", "observation energy", Score.Better.LOWER);

        private final String key;
        private final String words;
        private final Score.Better better;

        Quality(String key, String words, Score.Better better) {
            this.key = key;
            this.words = words;
            this.better = better;
        }

        public String key() {
            return key;
        }

        public String words() {
            return words;
        }

        public Score.Better better() {
            return better;
        }
    }

    public static Measured of(String summary) {
        JsonObject json = JsonParser.parseString(summary).getAsJsonObject();
        Map<String, Double> seconds = new LinkedHashMap<>();
        json.getAsJsonObject("seconds")
                .entrySet()
                .forEach(stage -> seconds.put(stage.getKey(), stage.getValue().getAsDouble()));
        JsonArray warnings = json.getAsJsonArray("warnings");
        return new Measured(
                json.get("name").getAsString(),
                json.get("seed").getAsLong(),
                json.get("parameters").getAsLong(),
                json.get("restoringCalls").getAsDouble(),
                json.get("evaluationsPerItem").getAsDouble(),
                json.get("steps").getAsLong(),
                json.get("itemsSeen").getAsLong(),
                seconds,
                json.getAsJsonObject("scores").entrySet().stream()
                        .map(score -> score(score.getKey(), score.getValue().getAsJsonObject()))
                        .toList(),
                members(json, "simple")
                        .map(row -> simple(row.getKey(), row.getValue().getAsJsonObject()))
                        .toList(),
                elements(json, "bands")
                        .map(element -> band(element.getAsJsonObject()))
                        .toList(),
                elements(json, "curve")
                        .map(point -> reached(point.getAsJsonObject()))
                        .toList(),
                StreamSupport.stream(warnings.spliterator(), false)
                        .map(JsonElement::getAsString)
                        .toList());
    }

    /** Those of an array; none where there is no such array. */
    private static Stream<JsonElement> elements(JsonObject json, String key) {
        return Optional.ofNullable(json.getAsJsonArray(key)).stream()
                .flatMap(array -> StreamSupport.stream(array.spliterator(), false));
    }

    /** Those of an object; none where there is no such object. */
    private static Stream<Map.Entry<String, JsonElement>> members(JsonObject json, String key) {
        return Optional.ofNullable(json.getAsJsonObject(key)).stream().flatMap(object -> object.entrySet().stream());
    }

    private static SimpleScore simple(String name, JsonObject json) {
        Map<String, Double> scores = new LinkedHashMap<>();
        json.entrySet().stream()
                .filter(value ->
                        !value.getKey().equals("items") && !value.getKey().equals("about"))
                .forEach(value -> scores.put(value.getKey(), value.getValue().getAsDouble()));
        return new SimpleScore(name, json.get("items").getAsInt(), scores, about(json));
    }

    private static BandPower band(JsonObject json) {
        return new BandPower(
                json.get("band").getAsString(),
                json.get("modes").getAsInt(),
                json.get("observed").getAsDouble(),
                json.get("noise").getAsDouble(),
                json.get("clean").getAsDouble(),
                json.get("restored").getAsDouble(),
                number(json, "mean"),
                number(json, "initial"),
                json.get("excess").getAsDouble());
    }

    public double trainSeconds() {
        return seconds.get("train");
    }

    public double restoreSeconds() {
        return seconds.get("restore");
    }

    public double totalSeconds() {
        return seconds.get("total");
    }

    private static Reached reached(JsonObject point) {
        Map<String, Double> qualities = new LinkedHashMap<>();
        for (Quality quality : Quality.values()) {
            number(point, quality.key()).ifPresent(value -> qualities.put(quality.key(), value));
        }
        return new Reached(
                point.get("seconds").getAsDouble(), point.get("networkCalls").getAsDouble(), qualities);
    }

    private static Score score(String name, JsonObject score) {
        return new Score(
                name,
                Score.Better.valueOf(score.get("better").getAsString().toUpperCase(Locale.ROOT)),
                score.get("value").getAsDouble(),
                number(score, "mean"),
                number(score, "identity"),
                number(score, "floor"),
                number(score, "pValue"),
                about(score));
    }

    private static String about(JsonObject json) {
        return json.has("about") ? json.get("about").getAsString() : "";
    }

    private static OptionalDouble number(JsonObject score, String key) {
        return score.has(key) ? OptionalDouble.of(score.get(key).getAsDouble()) : OptionalDouble.empty();
    }
}
