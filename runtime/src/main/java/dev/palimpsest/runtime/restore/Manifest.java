package dev.palimpsest.runtime.restore;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.run.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a folder of results holds, in {@code restored.jsonl}: first what decides them, then a line for each file that is finished. A line that was cut off by
 * a crash counts for nothing.
 */
final class Manifest implements AutoCloseable {
    static final String FILE = "restored.jsonl";

    private final Path file;
    private final Map<String, String> finished;
    private final BufferedWriter lines;

    private Manifest(Path file, Map<String, String> finished, BufferedWriter lines) {
        this.file = file;
        this.finished = finished;
        this.lines = lines;
    }

    /**
     * Opens that of a folder, or begins one.
     *
     * @param again whether what was finished counts for nothing
     * @throws DataException if what is there was made otherwise
     */
    static Manifest open(Path folder, SortedMap<String, String> identity, boolean again) {
        Path file = folder.resolve(FILE);
        try {
            Map<String, String> finished = new HashMap<>();
            if (again || !Files.exists(file)) {
                WholeFile.write(file, Json.line(identity).getBytes(StandardCharsets.UTF_8));
            } else {
                List<String> written = Files.readAllLines(file);
                requireSame(file, identity, written.isEmpty() ? new TreeMap<>() : parsed(written.get(0)));
                for (String line : written) {
                    Map<String, String> entry = parsed(line);
                    if (entry.containsKey("file") && entry.containsKey("input")) {
                        finished.put(entry.get("file"), entry.get("input"));
                    }
                }
            }
            BufferedWriter lines = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            lines.write("\n");
            return new Manifest(file, finished, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file + ": " + e, e);
        }
    }

    /** Whether a file is finished, made from an input with this digest. */
    boolean has(String name, String digest) {
        return digest.equals(finished.get(name));
    }

    void add(String name, String digest) {
        try {
            lines.write(Json.line(new TreeMap<>(Map.of("file", name, "input", digest))));
            lines.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    private static void requireSame(Path file, SortedMap<String, String> now, SortedMap<String, String> then) {
        Set<String> keys = new TreeSet<>(now.keySet());
        keys.addAll(then.keySet());
        keys.removeIf(key -> now.containsKey(key) && now.get(key).equals(then.get(key)));
        if (!keys.isEmpty()) {
            throw new DataException(
                    file.getParent() + " has results that were made otherwise (" + String.join(", ", keys)
                            + " changed since); name another --output, or restore all anew with --again");
        }
    }

    /** The texts of a line; none if it is cut off. */
    private static SortedMap<String, String> parsed(String line) {
        SortedMap<String, String> texts = new TreeMap<>();
        try {
            if (JsonParser.parseString(line) instanceof JsonObject object) {
                object.entrySet()
                        .forEach(entry ->
                                texts.put(entry.getKey(), entry.getValue().getAsString()));
            }
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException cutOff) {
            return new TreeMap<>();
        }
        return texts;
    }
}
