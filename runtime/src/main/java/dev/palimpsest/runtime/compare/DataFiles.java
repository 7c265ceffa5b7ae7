package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.ObservationSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files that a data source reads, with their sizes and when they were last changed: what a recipe does not say of its data. Links are followed, as the
 * sources follow them.
 */
final class DataFiles {
    private DataFiles() {}

    /** A line for each file under each path of the source, in a fixed order; empty where nothing is read. */
    static String of(DataSource data) {
        return Arrays.stream(data.getClass().getRecordComponents())
                .map(component -> path(component, data))
                .flatMap(Optional::stream)
                .flatMap(DataFiles::withConditioning)
                .filter(Files::exists)
                .map(DataFiles::under)
                .collect(Collectors.joining());
    }

    private static Optional<Path> path(RecordComponent component, DataSource data) {
        try {
            Object value = component.getAccessor().invoke(data);
            Object inside = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            return inside instanceof Path path ? Optional.of(path) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.getName() + " of " + data + " cannot be read", e);
        }
    }

    /** What is known of observations in one file lies beside it. */
    private static Stream<Path> withConditioning(Path path) {
        return Files.isRegularFile(path)
                ? Stream.of(path, path.resolveSibling(ObservationSet.CONDITIONING))
                : Stream.of(path);
    }

    private static String under(Path root) {
        try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
            StringBuilder lines = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                lines.append(file)
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file).toMillis())
                        .append('\n');
            }
            return lines.toString();
        } catch (IOException e) {
            throw unreadable(root, e);
        } catch (UncheckedIOException e) {
            throw unreadable(root, e.getCause());
        }
    }

    private static FileException unreadable(Path root, IOException e) {
        return new FileException("read " + root, e);
    }
}
