package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A key that a recipe can give to a record: one of its components.
 *
 * @param type what can be written for it
 * @param usual what it is where no recipe gives it; empty if one must, or if it is optional and then nothing
 */
public record Key(RecordComponent component, KeyType type, Optional<Object> usual) {
    private static final Path NO_PATH = Path.of("");

    /**
     * The keys of an extension, in the order of its components.
     *
     * @throws PluginException if its constructor or an accessor throws
     */
    public static List<Key> of(Extension<?> extension) {
        return Guard.of(extension).call(() -> {
            try {
                return of(extension.type(), Optional.of(Records.usual(extension.type())));
            } catch (InvocationTargetException thrown) {
                throw new IllegalArgumentException(
                        "its constructor threw " + Causes.describe(thrown.getCause()), thrown);
            } catch (ReflectiveOperationException none) {
                return of(extension.type(), Optional.empty());
            }
        });
    }

    /** The keys of a record class, in the order of its components; the defaults are the values of a record, if there is one. */
    public static List<Key> of(Class<?> type, Optional<Object> defaults) {
        return Arrays.stream(type.getRecordComponents())
                .map(component ->
                        new Key(component, KeyType.of(component.getGenericType()), usual(component, defaults)))
                .toList();
    }

    /**
     * The default of a component, if it has one. An empty path and an empty list only say that there is none: a record needs some value. Whoever may do without a list
     * declares it optional; and an empty list may always be written.
     *
     * @param defaults the record that holds the defaults
     */
    public static Optional<Object> usual(RecordComponent component, Optional<Object> defaults) {
        return defaults.flatMap(record -> Records.value(component, record))
                .filter(value -> !NO_PATH.equals(value))
                .filter(value -> !List.of().equals(value))
                .filter(value -> !Optional.empty().equals(value));
    }

    public String name() {
        return component.getName();
    }

    /** Whether every recipe has to give it. */
    public boolean required() {
        return usual.isEmpty() && !(type instanceof KeyType.Maybe);
    }

    public Optional<Range> range() {
        return Optional.ofNullable(component.getAnnotation(Range.class));
    }

    /** What it means, for users; empty if the plugin does not say. */
    public String doc() {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.value();
    }
}
