package dev.palimpsest.runtime.restore;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.run.Json;
import dev.palimpsest.runtime.run.LineFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a folder of results holds, in {@code restored.jsonl}: first what decides them, then a line for each file that is begun, which is not to be taken for someone
 * else's, and one for each that is finished. A line that was cut off by a crash counts for nothing.
 */
final class Manifest {
    static final String FILE = "restored.jsonl";

    private final Path file;
    private final Map<String, String> finished;
    private final Set<String> own;

    private Manifest(Path file, Map<String, String> finished, Set<String> own) {
        this.file = file;
        this.finished = finished;
        this.own = own;
    }

    /**
     * Opens that of a folder, or begins one.
     *
     * @param again whether what was finished counts for nothing
     * @throws DataException if what is there was made otherwise
     */
    static Manifest open(Path folder, SortedMap<String, String> identity, boolean again) {
        Path file = folder.resolve(FILE);
        boolean begun = Files.exists(file);
        try (BufferedReader lines = lines(begun ? Files.newInputStream(file) : InputStream.nullInputStream())) {
            String first = Optional.ofNullable(lines.readLine()).orElse("");
            Map<String, String> finished = new HashMap<>();
            Set<String> own = new TreeSet<>();
            for (String line = first; line != null; line = lines.readLine()) {
                Map<String, String> entry = parsed(line);
                if (entry.containsKey("file") && entry.containsKey("input")) {
                    finished.put(entry.get("file"), entry.get("input"));
                    own.add(entry.get("file"));
                } else if (entry.containsKey("begun")) {
                    own.add(entry.get("begun"));
                }
            }
            if (again || !begun) {
                finished.clear();
                WholeFile.write(file, (Json.line(identity) + begun(own)).getBytes(StandardCharsets.UTF_8));
            } else {
                requireSame(file, identity, parsed(first));
            }
            return new Manifest(file, finished, own);
        } catch (IOException e) {
            throw new FileException("read " + file, e);
        }
    }

    /** Whether a file is finished, made from an input with this digest. */
    boolean has(String name, String digest) {
        return digest.equals(finished.get(name));
    }

    /** Whether a file is one of ours, as far as it is there: finished, or begun by a call that was stopped. */
    boolean owns(String name) {
        return own.contains(name);
    }

    /** Files will be written, which are ours from here on. */
    void begin(List<String> names) {
        Set<String> others = new TreeSet<>(names);
        others.removeAll(own);
        if (!others.isEmpty()) {
            append(begun(others));
            own.addAll(others);
        }
    }

    /** Files are finished, by their names with the digests of their inputs: written in one piece, so that a killed call has none of them or all. */
    void add(Map<String, String> digests) {
        StringBuilder lines = new StringBuilder("\n");
        digests.forEach(
                (name, digest) -> lines.append(Json.line(new TreeMap<>(Map.of("file", name, "input", digest)))));
        append(lines.toString());
    }

    /** Bytes that are no UTF-8 are replaced. */
    private static BufferedReader lines(InputStream bytes) {
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    private static String begun(Set<String> names) {
        StringBuilder lines = new StringBuilder("\n");
        names.forEach(name -> lines.append(Json.line(new TreeMap<>(Map.of("begun", name)))));
        return lines.toString();
    }

    private void append(String lines) {
        try (LineFile end = LineFile.atEnd(file)) {
            end.append(lines);
            end.force();
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
