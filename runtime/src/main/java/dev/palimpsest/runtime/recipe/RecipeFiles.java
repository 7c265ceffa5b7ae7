package dev.palimpsest.runtime.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a recipe file, laid over the one that it extends, and the last of these over the defaults. */
final class RecipeFiles {
    /** The key that names the file to be extended. */
    static final String EXTENDS = "extends";

    private static final int LONGEST_CHAIN = 10;

    private final Node.Mapping defaults;
    private final Problems problems;
    private final RecipeText text;

    RecipeFiles(Node.Mapping defaults, Problems problems) {
        this.defaults = defaults;
        this.problems = problems;
        this.text = new RecipeText(problems);
    }

    /** The keys of a file and of all that it extends; empty, and a problem, if one of them cannot be read. */
    Optional<Node.Mapping> read(Path file) {
        return read(file, Source.file(file, 0).whole(), List.of());
    }

    private Optional<Node.Mapping> read(Path file, Place asked, List<Path> earlier) {
        List<Path> chain = Stream.concat(earlier.stream(), Stream.of(file)).toList();
        if (earlier.stream().anyMatch(other -> same(other, file))) {
            problems.add(asked, "extends goes round in a circle: " + shown(chain));
            return Optional.empty();
        }
        if (chain.size() > LONGEST_CHAIN) {
            problems.add(
                    asked, "too many files extend each other; expected at most " + LONGEST_CHAIN + ": " + shown(chain));
            return Optional.empty();
        }
        Source source = Source.file(file, earlier.size());
        TreeReader reader = new TreeReader(mark -> Place.at(source, mark), problems);
        return text.read(file, source, asked)
                .flatMap(reader::read)
                .flatMap(this::keys)
                .flatMap(own -> extended(own, file, chain));
    }

    private Optional<Node.Mapping> keys(Node tree) {
        if (tree instanceof Node.Mapping mapping) {
            return Optional.of(mapping);
        }
        boolean nothing = tree instanceof Node.Scalar scalar && scalar.isNothing();
        problems.add(
                tree.at(),
                nothing
                        ? "the file is empty; expected keys and values such as \"name: first\""
                        : "expected keys and values such as \"name: first\", got " + tree.shown());
        return Optional.empty();
    }

    private Optional<Node.Mapping> extended(Node.Mapping own, Path file, List<Path> chain) {
        Optional<Node> base = own.value(EXTENDS);
        if (base.isEmpty()) {
            return Optional.of((Node.Mapping) Node.merged(defaults, own));
        }
        return sibling(file, base.get())
                .flatMap(path -> read(path, base.get().at(), chain))
                .map(under -> (Node.Mapping) Node.merged(under, own.without(EXTENDS)));
    }

    private Optional<Path> sibling(Path file, Node name) {
        if (!(name instanceof Node.Scalar scalar)) {
            problems.add(name.at(), "extends: expected the path of one recipe file, got " + name.shown());
            return Optional.empty();
        }
        if (scalar.isNothing()) {
            problems.add(name.at(), "extends has no value");
            return Optional.empty();
        }
        try {
            return Optional.of(file.resolveSibling(scalar.text()));
        } catch (InvalidPathException e) {
            problems.add(name.at(), "extends: expected a path, got " + name.shown());
            return Optional.empty();
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static String shown(List<Path> chain) {
        return chain.stream().map(Path::toString).collect(Collectors.joining(" -> "));
    }
}
