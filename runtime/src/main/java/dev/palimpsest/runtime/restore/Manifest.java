package dev.palimpsest.runtime.restore;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.run.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
final class Manifest {
    static final String FILE = "restored.jsonl";

    private final Path file;
    private final Map<String, String> finished;

    private Manifest(Path file, Map<String, String> finished) {
        this.file = file;
        this.finished = finished;
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
            return new Manifest(file, finished);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file + ": " + e, e);
        }
    }

    /** Whether a file is finished, made from an input with this digest. */
    boolean has(String name, String digest) {
        return digest.equals(finished.get(name));
    }

    /** Files are finished, by their names with the digests of their inputs: written in one piece, so that a killed call has none of them or all. */
    void add(Map<String, String> digests) {
        StringBuilder lines = new StringBuilder("\n");
        digests.forEach(
                (name, digest) -> lines.append(Json.line(new TreeMap<>(Map.of("file", name, "input", digest)))));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
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
