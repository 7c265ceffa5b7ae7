package dev.palimpsest.runtime.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.run.Run;
import dev.palimpsest.runtime.run.RunFolder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's scores, those of its posterior means and their anchors, and what needs no learning beside them, as text. */
final class ScoreTable {
    private static final double SMALL = 0.001;
    private static final String ROW = "%-32s %12s %12s %12s %12s %9s%n";

    private ScoreTable() {}

    static String of(RunFolder folder) {
        JsonObject summary = JsonParser.parseString(Run.summary(folder)).getAsJsonObject();
        return scores(summary.getAsJsonObject("scores"))
                + (summary.has("simple") ? simple(summary.getAsJsonObject("simple")) : "");
    }

    private static String scores(JsonObject scores) {
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
        return table + notes(scores);
    }

    /** What needs no learning beside what was learned; nothing where it is not known. */
    private static String simple(JsonObject simple) {
        List<String> metrics = simple.entrySet().stream()
                .flatMap(row -> row.getValue().getAsJsonObject().keySet().stream())
                .filter(key -> !key.equals("items") && !key.equals("about"))
                .distinct()
                .toList();
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, JsonElement> row : simple.entrySet()) {
            JsonObject values = row.getValue().getAsJsonObject();
            if (table.isEmpty()) {
                table.append(line("beside, on " + values.get("items").getAsInt() + " items", metrics));
            }
            table.append(line(
                    row.getKey(),
                    metrics.stream().map(metric -> number(values, metric)).toList()));
        }
        return table + notes(simple);
    }

    private static String line(String name, List<String> cells) {
        return String.format("%-32s", name)
                + cells.stream()
                        .map(cell -> String.format(" %12s", cell))
                        .collect(Collectors.joining("", "", System.lineSeparator()));
    }

    private static String notes(JsonObject rows) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().getAsJsonObject().has("about"))
                .map(row -> String.format(
                        "%s: %s%n",
                        row.getKey(),
                        row.getValue().getAsJsonObject().get("about").getAsString()))
                .collect(Collectors.joining());
    }

    private static String number(JsonObject values, String key) {
        if (!values.has(key)) {
            return "";
        }
        double value = values.get(key).getAsDouble();
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < SMALL ? "%.2e" : "%.4f", value);
    }
}
