package dev.palimpsest.runtime.recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a recipe says, read without the extensions that it names.
 *
 * @param values as they are written, in order, by the path of their keys: "forward.type" is "random-mask"
 */
public record PlainRecipe(Map<String, String> values) {
    public PlainRecipe {
        values = new LinkedHashMap<>(values);
    }

    /**
     * Reads the text of a run's recipe, in which every key is written out.
     *
     * @param name how the text is called in messages
     * @throws RecipeException if it is not YAML with keys
     */
    public static PlainRecipe read(String name, String yaml) {
        Problems problems = new Problems();
        Source source = new Source(name, Path.of(""), 0);
        Map<String, String> values = new LinkedHashMap<>();
        new TreeReader(mark -> Place.at(source, mark), problems)
                .read(yaml)
                .ifPresent(tree -> collect("", tree, values));
        problems.throwIfAny();
        return new PlainRecipe(values);
    }

    private static void collect(String path, Node node, Map<String, String> values) {
        if (node instanceof Node.Mapping mapping) {
            mapping.entries()
                    .forEach((key, entry) -> collect(path.isEmpty() ? key : path + "." + key, entry.value(), values));
        } else {
            values.put(path, written(node));
        }
    }

    private static String written(Node node) {
        if (node instanceof Node.Scalar scalar) {
            return scalar.text();
        }
        if (node instanceof Node.Sequence sequence) {
            return sequence.elements().stream().map(PlainRecipe::written).collect(Collectors.joining(", ", "[", "]"));
        }
        return ((Node.Mapping) node)
                .entries().entrySet().stream()
                        .map(entry ->
                                entry.getKey() + ": " + written(entry.getValue().value()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
