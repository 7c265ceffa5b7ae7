package dev.palimpsest.runtime.recipe;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.plugin.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes records of a tree, by the declared types of their components; what cannot be made is a problem, and the rest is looked at all the same. */
final class Binder {
    private final Extensions extensions;
    private final Problems problems;

    Binder(Extensions extensions, Problems problems) {
        this.extensions = extensions;
        this.problems = problems;
    }

    Optional<Recipe> recipe(Node.Mapping tree) {
        return record(Recipe.class, tree, RecipeFiles.EXTENDS, Optional.empty()).map(Recipe.class::cast);
    }

    /** Whether values of a type are extensions, to be named by their type key. */
    static boolean isExtension(Class<?> type, Extensions extensions) {
        return type.isInterface() || !extensions.of(type).isEmpty();
    }

    private Optional<Object> value(Type type, String key, Node node, Optional<Object> usual) {
        if (node instanceof Node.Scalar scalar && scalar.isNothing()) {
            return problem(node.at(), key + " has no value");
        }
        if (type instanceof ParameterizedType of && of.getRawType() == Optional.class) {
            return value(of.getActualTypeArguments()[0], key, node, Optional.empty())
                    .map(Optional::of);
        }
        if (type instanceof ParameterizedType of && of.getRawType() == List.class) {
            return list(of.getActualTypeArguments()[0], key, node);
        }
        if (type instanceof Class<?> scalar && Scalars.understands(scalar)) {
            return scalar(scalar, key, node);
        }
        if (type instanceof Class<?> kind && isExtension(kind, extensions)) {
            return extension(kind, key, node);
        }
        if (type instanceof Class<?> section && section.isRecord()) {
            return node instanceof Node.Mapping mapping
                    ? record(section, mapping, "", usual)
                    : problem(node.at(), key + ": expected keys and values, got " + node.shown());
        }
        return problem(node.at(), key + " has the Java type " + type.getTypeName() + ", which no recipe can write");
    }

    private Optional<Object> scalar(Class<?> type, String key, Node node) {
        try {
            return Optional.of(Scalars.read(type, node));
        } catch (IllegalArgumentException e) {
            return problem(node.at(), key + ": " + e.getMessage());
        }
    }

    private Optional<Object> list(Type of, String key, Node node) {
        if (!(node instanceof Node.Sequence sequence)) {
            return problem(node.at(), key + ": expected a list, got " + node.shown());
        }
        List<Object> bound = new ArrayList<>();
        for (Node element : sequence.elements()) {
            value(of, key, element, Optional.empty()).ifPresent(bound::add);
        }
        return bound.size() == sequence.elements().size() ? Optional.of(List.copyOf(bound)) : Optional.empty();
    }

    /** The extension of a kind that a node names, with its keys. */
    Optional<Object> extension(Class<?> kind, String key, Node node) {
        List<? extends Extension<?>> known = extensions.of(kind);
        List<String> names = known.stream().map(Extension::name).toList();
        if (node instanceof Node.Sequence) {
            return problem(node.at(), key + ": expected {type: ..., ...} or the name of a type, got a list");
        }
        Node.Mapping keys = node instanceof Node.Mapping mapping ? mapping : new Node.Mapping(node.at(), Map.of());
        Optional<Node> type = node instanceof Node.Scalar ? Optional.of(node) : keys.value(Node.TYPE);
        if (type.isEmpty()) {
            return problem(node.at(), "missing key \"type\"; it can be: " + String.join(", ", names));
        }
        Optional<Object> name = value(String.class, Node.TYPE, type.get(), Optional.empty());
        return name.flatMap(text -> known.stream()
                .filter(extension -> extension.name().equals(text))
                .findFirst()
                .map(extension -> extension(extension.type(), keys.without(Node.TYPE)))
                .orElseGet(() -> problem(
                        type.get().at(),
                        "unknown type " + type.get().shown() + Words.suggestion((String) text, names)
                                + elsewhere(kind, (String) text, names) + failures())));
    }

    private Optional<Object> extension(Class<?> type, Node.Mapping keys) {
        return type.isRecord()
                ? record(type, keys, Node.TYPE, Optional.empty())
                : problem(keys.at(), type.getName() + " is not a record, so that it has no keys");
    }

    /** Where a type that is unlike any known one may come from. */
    private static String elsewhere(Class<?> kind, String name, List<String> names) {
        return Plugins.KINDS.contains(kind) && Words.nearest(name, names).isEmpty()
                ? "; more come with --plugins DIR (the contributed ones with --plugins plugins-contrib)"
                : "";
    }

    private String failures() {
        return extensions.failures().stream()
                .map(failure -> " (a plugin failed to load: " + failure + ")")
                .collect(Collectors.joining());
    }

    /**
     * @param special a key that the record does not have but that may stand beside its own; empty for none
     * @param usual the record that holds the defaults, if it is not that of the no-argument constructor
     */
    private Optional<Object> record(Class<?> type, Node.Mapping node, String special, Optional<Object> usual) {
        RecordComponent[] components = type.getRecordComponents();
        checkKeys(components, node, special);
        Optional<Object> defaults = usual.or(() -> Records.defaults(type));
        Object[] values = Arrays.stream(components)
                .map(component -> component(component, node, defaults))
                .flatMap(Optional::stream)
                .toArray();
        return values.length == components.length ? made(type, values, node) : Optional.empty();
    }

    private void checkKeys(RecordComponent[] components, Node.Mapping node, String special) {
        List<String> names =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        List<String> allowed = Stream.concat(names.stream(), Stream.of(special))
                .filter(name -> !name.isEmpty())
                .toList();
        node.entries().forEach((key, entry) -> {
            if (!names.contains(key)) {
                problems.add(entry.key(), "unknown key " + Words.quoted(key) + Words.suggestion(key, allowed));
            }
        });
    }

    private Optional<Object> component(RecordComponent component, Node.Mapping node, Optional<Object> defaults) {
        String key = component.getName();
        Optional<Object> usual = Key.usual(component, defaults);
        Optional<Node> written = node.value(key);
        if (written.isEmpty()) {
            return usual.or(() -> absent(component, node.at()));
        }
        Optional<Object> bound = value(component.getGenericType(), key, written.get(), usual);
        return bound.filter(value -> inRange(component, value, written.get().at()));
    }

    private Optional<Object> absent(RecordComponent component, Place section) {
        if (component.getType() == Optional.class) {
            return Optional.of(Optional.empty());
        }
        Doc doc = component.getAnnotation(Doc.class);
        return problem(
                section, "missing key \"" + component.getName() + "\"" + (doc == null ? "" : " (" + doc.value() + ")"));
    }

    private boolean inRange(RecordComponent component, Object value, Place at) {
        Optional<String> problem = Ranges.problem(component, value);
        problem.ifPresent(sentence -> problems.add(at, sentence));
        return problem.isEmpty();
    }

    private Optional<Object> made(Class<?> type, Object[] values, Node.Mapping node) {
        try {
            return Optional.of(Records.make(type, values));
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof VirtualMachineError error) {
                throw error;
            }
            boolean said = cause instanceof IllegalArgumentException && cause.getMessage() != null;
            String sentence =
                    said ? cause.getMessage() : type.getSimpleName() + " cannot be made of these values: " + cause;
            return problem(culprit(sentence, node), sentence.strip().replaceAll("\\s+", " "));
        }
    }

    /** The key whose name starts the sentence, or else the section. */
    private static Place culprit(String sentence, Node.Mapping node) {
        return node.value(sentence.split("[^\\p{Alnum}_]", 2)[0]).map(Node::at).orElse(node.at());
    }

    private Optional<Object> problem(Place at, String sentence) {
        problems.add(at, sentence);
        return Optional.empty();
    }
}
