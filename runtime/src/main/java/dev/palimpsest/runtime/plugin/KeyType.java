package dev.palimpsest.runtime.plugin;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a recipe can write for a key, by the Java type that it is bound to. */
public sealed interface KeyType {
    /** For people: "list of number". */
    String inWords();

    /** The name of a class in words: "forward model" for ForwardModel. */
    static String inWords(Class<?> type) {
        return Names.inWords(type);
    }

    /** A whole number; a narrow one is kept as an int. */
    record Whole(boolean narrow) implements KeyType {
        private static final Set<Class<?>> INTS = Set.of(int.class, Integer.class);
        private static final Set<Class<?>> LONGS = Set.of(long.class, Long.class);

        @Override
        public String inWords() {
            return "whole number";
        }
    }

    /** A finite number; a narrow one is kept as a float. */
    record Real(boolean narrow) implements KeyType {
        private static final Set<Class<?>> FLOATS = Set.of(float.class, Float.class);
        private static final Set<Class<?>> DOUBLES = Set.of(double.class, Double.class);

        @Override
        public String inWords() {
            return "number";
        }
    }

    /** True or false. */
    record Truth() implements KeyType {
        private static final Set<Class<?>> TYPES = Set.of(boolean.class, Boolean.class);

        @Override
        public String inWords() {
            return "true or false";
        }
    }

    /** Any text. */
    record Text() implements KeyType {
        @Override
        public String inWords() {
            return "text";
        }
    }

    /** The path of a file or folder, relative to the recipe. */
    record File() implements KeyType {
        @Override
        public String inWords() {
            return "path";
        }
    }

    /** One of the constants of an enum, by their names in recipes. */
    record Choice(List<String> names) implements KeyType {
        /** {@code observation-energy} for {@code OBSERVATION_ENERGY}. */
        public static String name(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String inWords() {
            return "one of " + String.join(", ", names);
        }
    }

    /** A list. */
    record ListOf(KeyType element) implements KeyType {
        @Override
        public String inWords() {
            return "list of " + element.inWords();
        }
    }

    /** What need not be given. */
    record Maybe(KeyType content) implements KeyType {
        @Override
        public String inWords() {
            return content.inWords() + " or nothing";
        }
    }

    /** An extension: the name of its type, or {type: name, key: value}. */
    record Named(Class<?> kind) implements KeyType {
        @Override
        public String inWords() {
            return Names.inWords(kind);
        }
    }

    /** Keys and values of a record. */
    record Section(Class<?> type) implements KeyType {
        @Override
        public String inWords() {
            return "keys and values";
        }
    }

    /** What no recipe can write, so that it is always the default. */
    record Unwritable(Type type) implements KeyType {
        @Override
        public String inWords() {
            return type.getTypeName() + ", which no recipe can write";
        }
    }

    /** What can be written for a Java type. */
    static KeyType of(Type type) {
        if (type instanceof ParameterizedType generic) {
            KeyType argument = of(generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == Optional.class) {
                return new Maybe(argument);
            }
            return generic.getRawType() == List.class ? new ListOf(argument) : new Unwritable(type);
        }
        return type instanceof Class<?> plain ? of(plain) : new Unwritable(type);
    }

    private static KeyType of(Class<?> type) {
        if (Whole.INTS.contains(type) || Whole.LONGS.contains(type)) {
            return new Whole(Whole.INTS.contains(type));
        }
        if (Real.FLOATS.contains(type) || Real.DOUBLES.contains(type)) {
            return new Real(Real.FLOATS.contains(type));
        }
        if (Truth.TYPES.contains(type)) {
            return new Truth();
        }
        if (type == String.class || type == Path.class) {
            return type == Path.class ? new File() : new Text();
        }
        if (type.isEnum()) {
            return new Choice(Arrays.stream(type.getEnumConstants())
                    .map(constant -> Choice.name((Enum<?>) constant))
                    .toList());
        }
        if (type.isInterface()) {
            return new Named(type);
        }
        return type.isRecord() ? new Section(type) : new Unwritable(type);
    }
}
