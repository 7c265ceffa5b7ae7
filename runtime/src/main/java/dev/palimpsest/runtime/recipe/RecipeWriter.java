package dev.palimpsest.runtime.recipe;

import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.KeyType;
import dev.palimpsest.runtime.plugin.Records;
import java.io.StringWriter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Writes a recipe with all its keys, such that reading it gives the same recipe. A value that no recipe could have given, such as a relative path, can
 * only be its key's default: it is left out.
 */
final class RecipeWriter {
    private final Extensions extensions;
    private final Resolver resolver = new Resolver();

    RecipeWriter(Extensions extensions) {
        this.extensions = extensions;
    }

    String yaml(Recipe recipe) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setSplitLines(false);
        StringWriter out = new StringWriter();
        new Yaml(options).serialize(mapping(recipe, List.of()), out);
        return out.toString();
    }

    /** A value as a recipe has it; empty if no recipe could. */
    Optional<Node> node(Type type, Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.flatMap(content -> node(argument(type), content));
        }
        if (value instanceof List<?> list) {
            List<Node> elements = list.stream()
                    .map(element -> node(argument(type), element))
                    .flatMap(Optional::stream)
                    .toList();
            return elements.size() == list.size()
                    ? Optional.of(new SequenceNode(Tag.SEQ, elements, FlowStyle.FLOW))
                    : Optional.empty();
        }
        if (value instanceof Path path) {
            return path.isAbsolute() ? Optional.of(text(path.toString())) : Optional.empty();
        }
        if (value instanceof Enum<?> constant) {
            return Optional.of(text(KeyType.Choice.name(constant)));
        }
        if (value instanceof String string) {
            return Optional.of(text(string));
        }
        if (type instanceof Class<?> scalar && Scalars.understands(scalar)) {
            return finite(value) ? Optional.of(plain(value.toString())) : Optional.empty();
        }
        return type instanceof Class<?> kind ? record(kind, value) : Optional.empty();
    }

    private Optional<Node> record(Class<?> kind, Object value) {
        if (!Binder.isExtension(kind, extensions)) {
            return kind.isRecord() ? Optional.of(mapping(value, List.of())) : Optional.empty();
        }
        List<? extends Extension<?>> known = extensions.of(kind);
        return known.stream()
                .filter(extension -> extension.type() == value.getClass())
                .findFirst()
                .map(extension -> mapping(
                        value,
                        List.of(new NodeTuple(text(dev.palimpsest.runtime.recipe.Node.TYPE), text(extension.name())))));
    }

    private Node mapping(Object record, List<NodeTuple> first) {
        List<NodeTuple> entries = new ArrayList<>(first);
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Records.value(component, record)
                    .flatMap(value -> node(component.getGenericType(), value))
                    .ifPresent(value -> entries.add(new NodeTuple(text(component.getName()), value)));
        }
        return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
    }

    /** Text that the reader finds again: SnakeYAML itself would write some line breaks as they are, and they would be folded. */
    private Node text(String text) {
        boolean control = text.chars().anyMatch(Character::isISOControl);
        return new ScalarNode(Tag.STR, text, null, null, control ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN);
    }

    private Node plain(String text) {
        return new ScalarNode(resolver.resolve(NodeId.scalar, text, true), text, null, null, ScalarStyle.PLAIN);
    }

    private static Type argument(Type type) {
        return type instanceof ParameterizedType of ? of.getActualTypeArguments()[0] : type;
    }

    private static boolean finite(Object value) {
        return !(value instanceof Number number) || Double.isFinite(number.doubleValue());
    }
}
