package dev.palimpsest.runtime.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a finished run has computed: arrays and checkpoints bit by bit, the training's lines and the summary as they are written, but for times. */
final class RunResult {
    private RunResult() {}

    static Map<String, String> of(Path run) throws IOException {
        Map<String, String> result = new TreeMap<>();
        for (String part : new String[] {"held-out", "checkpoints"}) {
            try (var files = Files.list(run.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    result.put(run.relativize(file).toString(), Sha256.hex(file));
                }
            }
        }
        result.put(
                "metrics",
                Files.readString(run.resolve("metrics.jsonl")).replaceAll("\"(itemsPerSecond|seconds)\":[^,}]*", ""));
        JsonElement summary = JsonParser.parseString(Files.readString(run.resolve("summary.json")));
        withoutTimes(summary);
        result.put("summary", summary.toString());
        return result;
    }

    private static void withoutTimes(JsonElement element) {
        if (element.isJsonObject()) {
            element.getAsJsonObject().remove("seconds");
            element.getAsJsonObject().asMap().values().forEach(RunResult::withoutTimes);
        } else if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(RunResult::withoutTimes);
        }
    }
}
