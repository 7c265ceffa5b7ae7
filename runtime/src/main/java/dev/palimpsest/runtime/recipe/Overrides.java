package dev.palimpsest.runtime.recipe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Lays {@code solver.steps=32} and the like over a recipe; a change of type comes before the keys of the new type, wherever it was written. */
final class Overrides {
    private static final int LONGEST_PATH = 50;
    private static final String EXPECTED = "expected key=value, such as solver.steps=32";

    private static final Predicate<String> WORD =
            Pattern.compile("[^\\s\\p{Cntrl}]+").asMatchPredicate();

    private record Override(List<String> path, Node value) {
        /** Sections before their keys, and a type with its section. */
        int depth() {
            return path.get(path.size() - 1).equals(Node.TYPE) ? path.size() - 1 : path.size();
        }

        Node tree() {
            Node tree = value;
            for (int i = path.size() - 1; i >= 0; i--) {
                tree = new Node.Mapping(value.at(), Map.of(path.get(i), new Node.Entry(value.at(), tree)));
            }
            return tree;
        }
    }

    private final Problems problems;

    Overrides(Problems problems) {
        this.problems = problems;
    }

    Node.Mapping laidOver(Node.Mapping recipe, List<String> overrides) {
        List<Override> parsed = overrides.stream()
                .map(this::parsed)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt(Override::depth))
                .toList();
        Node tree = recipe;
        for (Override override : parsed) {
            tree = Node.merged(tree, override.tree());
        }
        return (Node.Mapping) tree;
    }

    private Optional<Override> parsed(String override) {
        int equals = override.indexOf('=');
        if (equals < 0) {
            problems.add(Source.commandLine(Words.quoted(override)).whole(), EXPECTED);
            return Optional.empty();
        }
        String key = override.substring(0, equals);
        List<String> path = Arrays.asList(key.split("\\.", -1));
        if (!path.stream().allMatch(WORD)) {
            problems.add(
                    Source.commandLine(Words.quoted(override)).whole(), EXPECTED + "; a key is empty or has blanks");
            return Optional.empty();
        }
        Source source = Source.commandLine(key);
        if (path.size() > LONGEST_PATH) {
            problems.add(source.whole(), "nested too deeply; expected at most " + LONGEST_PATH + " levels");
            return Optional.empty();
        }
        if (path.get(0).equals(RecipeFiles.EXTENDS)) {
            problems.add(source.whole(), "extends belongs in a recipe file");
            return Optional.empty();
        }
        return value(override.substring(equals + 1), source).map(value -> new Override(path, value));
    }

    private Optional<Node> value(String text, Source source) {
        return new RecipeText(problems).printable(text, before -> source.whole())
                ? new TreeReader(mark -> source.whole(), problems).read(text)
                : Optional.empty();
    }
}
