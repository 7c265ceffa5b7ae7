package dev.palimpsest.runtime.recipe;

import dev.palimpsest.runtime.plugin.KeyType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads text as what a key's declared Java type says: {@code on} is text for a String, {@code 010} is ten for an int. */
final class Scalars {
    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> INTS = Set.of(int.class, Integer.class);
    private static final Set<Class<?>> REAL = Set.of(double.class, Double.class, float.class, Float.class);
    private static final Set<Class<?>> DOUBLES = Set.of(double.class, Double.class);
    private static final Set<Class<?>> BOOLEANS = Set.of(boolean.class, Boolean.class);
    private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9]++");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][-+]?[0-9]++)?");

    private Scalars() {}

    static boolean understands(Class<?> type) {
        return WHOLE.contains(type)
                || REAL.contains(type)
                || BOOLEANS.contains(type)
                || type == String.class
                || type == Path.class
                || type.isEnum();
    }

    /**
     * The value of a node for a type that is understood.
     *
     * @throws IllegalArgumentException if it has none, saying what was expected and what came
     */
    static Object read(Class<?> type, Node node) {
        if (!(node instanceof Node.Scalar scalar)) {
            throw mismatch(expected(type), node.shown());
        }
        if (type == String.class) {
            return scalar.text();
        }
        if (type == Path.class) {
            return path(scalar);
        }
        if (type.isEnum()) {
            return constant(type, scalar);
        }
        if (!scalar.plain()) {
            throw mismatch(expected(type), scalar.shown() + " in quotes");
        }
        if (BOOLEANS.contains(type)) {
            return truth(scalar);
        }
        return WHOLE.contains(type) ? whole(type, scalar) : real(type, scalar);
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + String.join(", ", names(type));
        }
        if (type == String.class || type == Path.class) {
            return type == Path.class ? "a path" : "text";
        }
        if (BOOLEANS.contains(type)) {
            return "true or false";
        }
        return WHOLE.contains(type) ? "a whole number" : "a number";
    }

    private static Object path(Node.Scalar scalar) {
        try {
            if (!scalar.text().isEmpty()) {
                return scalar.at()
                        .source()
                        .folder()
                        .resolve(scalar.text())
                        .toAbsolutePath()
                        .normalize();
            }
        } catch (InvalidPathException e) {
            throw mismatch("a path", scalar.shown());
        }
        throw mismatch("a path", "empty text");
    }

    private static Object constant(Class<?> type, Node.Scalar scalar) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> KeyType.Choice.name((Enum<?>) constant).equals(scalar.text()))
                .findFirst()
                .orElseThrow(() -> {
                    String meant = Words.nearest(scalar.text(), names(type))
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse("");
                    return mismatch(expected(type), scalar.shown() + meant);
                });
    }

    private static Object truth(Node.Scalar scalar) {
        return switch (scalar.text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw mismatch("true or false", scalar.shown());
        };
    }

    private static Object whole(Class<?> type, Node.Scalar scalar) {
        if (!DIGITS.matcher(scalar.text()).matches()) {
            throw mismatch("a whole number", scalar.shown());
        }
        boolean narrow = INTS.contains(type);
        try {
            if (narrow) {
                return Integer.parseInt(scalar.text());
            }
            return Long.parseLong(scalar.text());
        } catch (NumberFormatException e) {
            String range =
                    narrow ? Integer.MIN_VALUE + " to " + Integer.MAX_VALUE : Long.MIN_VALUE + " to " + Long.MAX_VALUE;
            throw mismatch("a whole number from " + range, scalar.shown());
        }
    }

    private static Object real(Class<?> type, Node.Scalar scalar) {
        if (!DECIMAL.matcher(scalar.text()).matches()) {
            throw mismatch("a finite number", scalar.shown());
        }
        boolean wide = DOUBLES.contains(type);
        double value = wide ? Double.parseDouble(scalar.text()) : Float.parseFloat(scalar.text());
        if (Double.isInfinite(value)) {
            throw mismatch("a number of at most " + (wide ? Double.MAX_VALUE : Float.MAX_VALUE), scalar.shown());
        }
        if (wide) {
            return value;
        }
        return (float) value;
    }

    private static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> KeyType.Choice.name((Enum<?>) constant))
                .toList();
    }

    private static IllegalArgumentException mismatch(String expected, String came) {
        return new IllegalArgumentException("expected " + expected + ", got " + came);
    }
}
