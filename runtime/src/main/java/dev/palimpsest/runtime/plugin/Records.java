package dev.palimpsest.runtime.plugin;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;

/** Makes records of classes that are known only at run time, with their own class loader as the thread's while their code runs. */
public final class Records {
    private interface Action<T> {
        T run() throws ReflectiveOperationException;
    }

    private Records() {}

    /** What the public no-argument constructor makes; empty if there is none, or it makes nothing. */
    public static Optional<Object> defaults(Class<?> type) {
        try {
            return Optional.of(usual(type));
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** @throws InvocationTargetException with what the public no-argument constructor threw */
    static Object usual(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getConstructor();
        constructor.setAccessible(true);
        return in(type, constructor::newInstance);
    }

    /** The value of a component; empty if it is null. */
    public static Optional<Object> value(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return Optional.ofNullable(
                    in(record.getClass(), () -> component.getAccessor().invoke(record)));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.getName() + " of " + record.getClass() + " cannot be read", e);
        }
    }

    /** @throws InvocationTargetException with what the canonical constructor threw */
    public static Object make(Class<?> type, Object[] values) throws InvocationTargetException {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return in(type, () -> canonical.newInstance(values));
        } catch (InvocationTargetException e) {
            throw e;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static <T> T in(Class<?> type, Action<T> action) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(type.getClassLoader());
        try {
            return action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
