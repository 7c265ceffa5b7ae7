package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** What every extension promises by being one: a public record, whose constructor without arguments holds the defaults and which refuses what is out of range. */
final class Declaration {
    private final Class<?> type;
    private final Object extension;

    private Declaration(Object extension) {
        this.type = extension.getClass();
        this.extension = extension;
    }

    static void requirePublicRecordWithDefaults(Object extension) {
        Declaration declaration = new Declaration(extension);
        require(
                declaration.type.isRecord() && Modifier.isPublic(declaration.type.getModifiers()),
                declaration.type.getName()
                        + " is not a public record: declare it as one, with the keys of recipes as its components");
        declaration.requireDefaults();
    }

    static void requireRangesEnforced(Object extension) {
        new Declaration(extension).requireRangesEnforced();
    }

    private void requireDefaults() {
        try {
            type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            throw new AssertionError(
                    type.getName()
                            + " has no public constructor without arguments: add one that sets the defaults of its keys",
                    e);
        } catch (InvocationTargetException e) {
            throw new AssertionError(
                    "the constructor of " + type.getName() + " without arguments threw " + e.getCause()
                            + ": its defaults must be values that it accepts",
                    e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type.getName() + " cannot be made: " + e, e);
        }
    }

    private void requireRangesEnforced() {
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
        for (int i = 0; i < components.length; i++) {
            for (Object forbidden : Forbidden.of(components[i])) {
                Object[] values = Arrays.stream(components).map(this::value).toArray();
                values[i] = forbidden;
                requireRefused(components, values, i);
            }
        }
    }

    private Object value(RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(extension);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(component.getName() + " of " + type.getName() + " cannot be read: " + e, e);
        }
    }

    private void requireRefused(RecordComponent[] components, Object[] values, int i) {
        Range range = components[i].getAnnotation(Range.class);
        String expected = "expected " + type.getSimpleName() + " to refuse " + components[i].getName() + " = "
                + values[i] + " with an IllegalArgumentException, because it must be "
                + (range == null ? "finite" : Ranges.describe(range));
        String remedy = ": call Ranges.check(" + type.getSimpleName() + ".class, ...) in its compact constructor";
        try {
            type.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (InvocationTargetException refused) {
            require(
                    refused.getCause() instanceof IllegalArgumentException,
                    expected + ", got " + refused.getCause() + remedy);
            return;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type.getName() + " cannot be made: " + e, e);
        }
        throw new AssertionError(expected + ", but it was accepted" + remedy);
    }
}
