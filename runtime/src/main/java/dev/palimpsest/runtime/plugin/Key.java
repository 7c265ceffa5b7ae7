package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key that a recipe can give to an extension.
 *
 * @param type in words, such as "whole number" or "list of number"
 * @param defaultValue what the constructor without arguments sets; an Optional where the key is optional
 * @param range in words, such as "above 0 and at most 1"; empty if there is none
 * @param doc what it means; empty if the plugin does not say
 */
public record Key(String name, String type, Object defaultValue, String range, String doc) {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, long.class, short.class, byte.class, Integer.class, Long.class, Short.class, Byte.class);
    private static final Set<Class<?>> NUMBERS = Set.of(double.class, float.class, Double.class, Float.class);

    /**
     * The keys of an extension, in the order of its components.
     *
     * @throws PluginException if its constructor or an accessor throws
     */
    public static List<Key> of(Extension<?> extension) {
        Guard guard = Guard.of(extension);
        return guard.call(() -> {
            Object defaults = defaults(extension.type());
            return Arrays.stream(extension.type().getRecordComponents())
                    .map(component -> of(component, value(component, defaults)))
                    .toList();
        });
    }

    private static Key of(RecordComponent component, Object defaultValue) {
        Range range = component.getAnnotation(Range.class);
        Doc doc = component.getAnnotation(Doc.class);
        return new Key(
                component.getName(),
                inWords(component.getGenericType()),
                defaultValue,
                range == null ? "" : Ranges.describe(range),
                doc == null ? "" : doc.value());
    }

    private static String inWords(Type type) {
        if (type instanceof ParameterizedType generic) {
            String element = inWords(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class ? element + " or nothing" : "list of " + element;
        }
        Class<?> plain = (Class<?>) type;
        if (WHOLE.contains(plain)) {
            return "whole number";
        }
        if (NUMBERS.contains(plain)) {
            return "number";
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return "true or false";
        }
        if (plain == String.class) {
            return "text";
        }
        if (plain.isArray()) {
            return "list of " + inWords(plain.getComponentType());
        }
        if (plain.isEnum()) {
            return "one of "
                    + Arrays.stream(plain.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        return Names.inWords(plain);
    }

    private static Object defaults(Class<?> type) {
        try {
            Constructor<?> constructor = type.getConstructor();
            return constructor.newInstance();
        } catch (InvocationTargetException thrown) {
            throw new IllegalArgumentException(
                    "its constructor threw " + Diagnosis.describe(thrown.getCause()), thrown);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (InvocationTargetException thrown) {
            throw new IllegalArgumentException(
                    component.getName() + "() threw " + Diagnosis.describe(thrown.getCause()), thrown);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
