package dev.palimpsest.runtime.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.palimpsest.runtime.run.Measured;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A table as JSON: all that the CSV has, and the runs' folders, seeds and warnings; what is not known is left out. */
final class TableJson {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private TableJson() {}

    static String of(Table table) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", table.name());
        json.put("axes", table.axes());
        json.put("seeds", table.seeds());
        table.drift().ifPresent(drift -> json.put("drift", drift));
        Map<String, String> better = new LinkedHashMap<>();
        table.scores().forEach((name, way) -> better.put(name, way.name().toLowerCase(Locale.ROOT)));
        json.put("better", better);
        json.put("cells", table.rows().stream().map(row -> cell(row, table)).toList());
        return GSON.toJson(json) + "\n";
    }

    private static Map<String, Object> cell(Row row, Table table) {
        Map<String, Object> cell = new LinkedHashMap<>();
        cell.put("number", row.number());
        cell.put("values", row.cell().values());
        cell.put("status", row.status().inWords());
        if (!row.reason().isEmpty()) {
            cell.put("reason", row.reason());
        }
        cell.put("seeds", row.done().size());
        put(cell, "restoringCalls", row.mean(Measured::restoringCalls));
        put(cell, "evaluationsPerItem", row.mean(Measured::evaluationsPerItem));
        put(cell, "steps", row.mean(Measured::steps));
        put(cell, "itemsSeen", row.mean(Measured::itemsSeen));
        Map<String, Object> seconds = new LinkedHashMap<>();
        put(seconds, "train", row.mean(Measured::trainSeconds));
        put(seconds, "restore", row.mean(Measured::restoreSeconds));
        put(seconds, "total", row.mean(Measured::totalSeconds));
        cell.put("seconds", seconds);
        Map<String, Object> scores = new LinkedHashMap<>();
        for (String name : table.scores().keySet()) {
            row.score(name).ifPresent(score -> scores.put(name, score(score)));
        }
        cell.put("scores", scores);
        cell.put("warnings", row.warnings());
        cell.put("runs", row.done().stream().map(table::address).toList());
        return cell;
    }

    private static Map<String, Object> score(Row.Scored score) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("value", score.value().mean());
        put(json, "standardError", score.value().standardError());
        put(json, "mean", score.ofMeans());
        put(json, "pValue", score.pValue());
        put(json, "identity", score.identity());
        put(json, "floor", score.floor());
        return json;
    }

    private static void put(Map<String, Object> json, String key, OptionalDouble value) {
        value.ifPresent(v -> json.put(key, v));
    }
}
