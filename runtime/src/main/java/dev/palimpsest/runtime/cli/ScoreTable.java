package dev.palimpsest.runtime.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.run.Run;
import dev.palimpsest.runtime.run.RunFolder;
import java.util.Locale;
import java.util.Map;

/** A run's scores, those of its posterior means and their anchors, as text. */
final class ScoreTable {
    private static final double SMALL = 0.001;
    private static final String ROW = "%-32s %12s %12s %12s %12s %9s%n";

    private ScoreTable() {}

    static String of(RunFolder folder) {
        JsonObject scores =
                JsonParser.parseString(Run.summary(folder)).getAsJsonObject().getAsJsonObject("scores");
        StringBuilder table =
                new StringBuilder(String.format(ROW, "score", "restored", "mean", "identity", "floor", "p-value"));
        for (Map.Entry<String, JsonElement> score : scores.entrySet()) {
            JsonObject values = score.getValue().getAsJsonObject();
            table.append(String.format(
                    ROW,
                    score.getKey(),
                    number(values, "value"),
                    number(values, "mean"),
                    number(values, "identity"),
                    number(values, "floor"),
                    number(values, "pValue")));
        }
        scores.entrySet().stream()
                .filter(score -> score.getValue().getAsJsonObject().has("about"))
                .forEach(score -> table.append(String.format(
                        "%s: %s%n",
                        score.getKey(),
                        score.getValue().getAsJsonObject().get("about").getAsString())));
        return table.toString();
    }

    private static String number(JsonObject values, String key) {
        if (!values.has(key)) {
            return "";
        }
        double value = values.get(key).getAsDouble();
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < SMALL ? "%.2e" : "%.4f", value);
    }
}
