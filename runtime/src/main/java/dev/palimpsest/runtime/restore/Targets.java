package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files that results become: new ones, or those of earlier results, and never one that is read. */
final class Targets {
    private final Layout layout;
    private final Source source;
    private final Known known;

    Targets(Layout layout, Source source, Known known) {
        this.layout = layout;
        this.source = source;
        this.known = known;
    }

    /** @throws DataException if a result would replace an observation or its conditioning, by whatever path or link */
    void requireNoInput() {
        Set<Path> read = new HashSet<>();
        Stream.concat(source.files().stream(), known.files().stream()).forEach(file -> read.add(real(file)));
        existing(name -> true)
                .filter(target -> read.contains(real(target)))
                .findFirst()
                .ifPresent(target -> {
                    throw new DataException(target + ": expected a place for a result, got a file that is read from"
                            + " --input or --conditioning; name another --output");
                });
    }

    /** @throws DataException if a result would replace what the manifest does not know as a result */
    void requireOwn(Manifest manifest) {
        existing(name -> !manifest.owns(name)).findFirst().ifPresent(target -> {
            throw new DataException(target + ": expected a place for a result, got a file that no earlier call has"
                    + " written; name another --output, or replace it with --again");
        });
    }

    private Stream<Path> existing(Predicate<String> which) {
        return source.results().stream()
                .filter(which)
                .flatMap(name -> layout.folders().stream().map(folder -> folder.resolve(name)))
                .filter(Files::exists);
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out where " + file + " lies: " + e, e);
        }
    }
}
