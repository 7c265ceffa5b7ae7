package dev.palimpsest.api;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Enforces {@link Range}: a record's compact constructor calls {@link #check}, so that no extension exists with a value out of range. */
public final class Ranges {
    private Ranges() {}

    /**
     * Checks all components of a record that is being constructed.
     *
     * @param type the record's class
     * @param components the values of all its components, in order
     * @throws IllegalArgumentException if a number is not finite or out of its {@link Range}, naming the component, the range and the value
     */
    public static void check(Class<? extends Record> type, Object... components) {
        RecordComponent[] declared = type.getRecordComponents();
        if (declared.length != components.length) {
            throw new IllegalArgumentException(type.getSimpleName() + " has " + declared.length + " components, "
                    + components.length + " were given to check");
        }
        for (int i = 0; i < declared.length; i++) {
            Optional<String> problem = problem(declared[i], components[i]);
            if (problem.isPresent()) {
                throw new IllegalArgumentException(problem.get());
            }
        }
    }

    /** What is wrong with a value for a component, as a sentence like "sigma must be above 0, got -2.0"; empty if nothing is. */
    public static Optional<String> problem(RecordComponent component, Object value) {
        Range range = component.getAnnotation(Range.class);
        return offending(range, value)
                .map(bad -> component.getName() + " must be " + (range == null ? "finite" : describe(range)) + ", got "
                        + bad);
    }

    /** A range in words: "above 0 and at most 1". */
    public static String describe(Range range) {
        List<String> words = new ArrayList<>();
        if (range.min() != Double.NEGATIVE_INFINITY) {
            words.add("at least " + number(range.min()));
        }
        if (range.above() != Double.NEGATIVE_INFINITY) {
            words.add("above " + number(range.above()));
        }
        if (range.max() != Double.POSITIVE_INFINITY) {
            words.add("at most " + number(range.max()));
        }
        if (range.below() != Double.POSITIVE_INFINITY) {
            words.add("below " + number(range.below()));
        }
        return words.isEmpty() ? "finite" : String.join(" and ", words);
    }

    private static Optional<Object> offending(Range range, Object value) {
        if (value instanceof Number number) {
            double v = number.doubleValue();
            boolean inside = Double.isFinite(v)
                    && (range == null
                            || (v >= range.min() && v <= range.max() && v > range.above() && v < range.below()));
            return inside ? Optional.empty() : Optional.of(value);
        }
        if (value instanceof Collection<?> elements) {
            for (Object element : elements) {
                Optional<Object> bad = offending(range, element);
                if (bad.isPresent()) {
                    return bad;
                }
            }
        }
        return value instanceof Optional<?> optional && optional.isPresent()
                ? offending(range, optional.get())
                : Optional.empty();
    }

    private static String number(double value) {
        return new BigDecimal(String.valueOf(value)).stripTrailingZeros().toPlainString();
    }
}
