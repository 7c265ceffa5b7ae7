package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder {@code runs/<name>/<number>/} of one run. Its files are written beside and renamed, so that a killed run leaves no half file. */
public record RunFolder(Path path) {
    static final String RECIPE = "recipe.yaml";
    static final String SUMMARY = "summary.json";
    static final String REPORT = "report.html";
    static final String PLUGINS = "plugins.lock";
    static final String METRICS = "metrics.jsonl";
    static final String CHECKPOINTS = "checkpoints";
    static final String OBSERVATIONS = "observations";

    /**
     * Makes the next numbered folder.
     *
     * @throws FileException if the folder cannot be made
     */
    static RunFolder create(Path runs, String name) {
        Path parent = runs.resolve(name);
        try {
            Files.createDirectories(parent);
            for (int number = 1 + lastNumber(parent); ; number++) {
                try {
                    return new RunFolder(Files.createDirectory(parent.resolve(Integer.toString(number))));
                } catch (FileAlreadyExistsException anotherRunTookIt) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw new FileException("make a run folder in " + parent, e);
        }
    }

    /** The given folder, made if it is missing. */
    public static RunFolder at(Path path) {
        try {
            return new RunFolder(Files.createDirectories(path));
        } catch (IOException e) {
            throw new FileException("make the run folder " + path, e);
        }
    }

    /**
     * Opens the folder of an earlier run.
     *
     * @throws RunException if it is not one: it must hold a {@code recipe.yaml}
     */
    public static RunFolder open(Path path) {
        RunFolder folder = new RunFolder(path);
        if (!folder.begun()) {
            throw new RunException(path + " is not a run folder: it has no " + RECIPE);
        }
        return folder;
    }

    /** Whether a run has begun in it. */
    boolean begun() {
        return has(RECIPE);
    }

    /** Whether its run has come to its end. */
    public boolean finished() {
        return has(SUMMARY);
    }

    boolean has(String name) {
        return Files.isRegularFile(path.resolve(name));
    }

    /** What a file in it says. */
    String read(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (IOException e) {
            throw new FileException("read " + path.resolve(name), e);
        }
    }

    /** How long a file in it is; 0 if there is none. */
    long size(String name) {
        try {
            return has(name) ? Files.size(path.resolve(name)) : 0;
        } catch (IOException e) {
            throw new FileException("read " + path.resolve(name), e);
        }
    }

    /** The lines within so many first bytes of a file, which end with a line; none if there is no file. */
    List<String> lines(String name, long length) {
        if (length == 0) {
            return List.of();
        }
        Path file = path.resolve(name);
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(Math.toIntExact(length)), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new FileException("read " + file, e);
        }
    }

    /** Deletes what a killed process had begun to write. */
    void deleteHalfFiles() {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path half : tree.filter(file -> file.getFileName().toString().matches("\\..*\\.part"))
                    .toList()) {
                Files.delete(half);
            }
        } catch (IOException e) {
            throw new FileException("tidy " + path, e);
        }
    }

    /** A folder inside, made if it is missing. */
    Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new FileException("make the folder " + path.resolve(name), e);
        }
    }

    Path checkpoint(String name) {
        return folder(CHECKPOINTS).resolve(name + ".npy");
    }

    void write(String name, String text) {
        WholeFile.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes a file in it, if it is there. */
    void delete(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw new FileException("delete " + path.resolve(name), e);
        }
    }

    /** Deletes the folder and all that is in it. */
    public void delete() {
        deleteTree(path);
    }

    static void deleteTree(Path root) {
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(root)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path each : paths) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new FileException("delete " + root, e);
        }
    }

    private static int lastNumber(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{1,9}"))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElse(0);
        }
    }
}
