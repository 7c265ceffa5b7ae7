package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.WholeFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder {@code runs/<name>/<number>/} of one run. Its files are written beside and renamed, so that a killed run leaves no half file. */
public record RunFolder(Path path) {
    /**
     * Makes the next numbered folder.
     *
     * @throws UncheckedIOException if the folder cannot be made
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
            throw new UncheckedIOException("cannot make a run folder in " + parent + ": " + e, e);
        }
    }

    /** The given folder, made if it is missing. */
    public static RunFolder at(Path path) {
        try {
            return new RunFolder(Files.createDirectories(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the run folder " + path + ": " + e, e);
        }
    }

    /** Opens the folder of an earlier run, which must hold a {@code recipe.yaml}. */
    static RunFolder open(Path path) {
        if (!Files.isRegularFile(path.resolve("recipe.yaml"))) {
            throw new RunException(path + " is not a run folder: it has no recipe.yaml");
        }
        return new RunFolder(path);
    }

    /** A folder inside, made if it is missing. */
    Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + path.resolve(name) + ": " + e, e);
        }
    }

    Path checkpoint(String name) {
        return folder("checkpoints").resolve(name + ".npy");
    }

    void write(String name, String text) {
        WholeFile.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file to which whole lines are appended while the run goes on. */
    BufferedWriter lines(String name) {
        try {
            return Files.newBufferedWriter(
                    path.resolve(name), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path.resolve(name) + ": " + e, e);
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
            throw new UncheckedIOException("cannot delete " + root + ": " + e, e);
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
