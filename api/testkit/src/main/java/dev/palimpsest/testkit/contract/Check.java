package dev.palimpsest.testkit.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One promise of a contract, which can be tried without a test framework.
 *
 * @param name the promise as a sentence
 * @param attempt throws AssertionError, saying what was expected and what came, if it is not kept; and whatever the extension itself throws
 */
public record Check(String name, Runnable attempt) {
    /**
     * All checks of a contract, by name.
     *
     * @param kind the contract, such as ForwardModelContract
     * @param fulfilled names the extension that is tried
     */
    public static <C> List<Check> of(Class<C> kind, C fulfilled) {
        return Arrays.stream(kind.getMethods())
                .filter(method ->
                        method.isDefault() && method.getReturnType() == void.class && method.getParameterCount() == 0)
                .map(method -> new Check(method.getName().replace('_', ' '), () -> invoke(method, fulfilled)))
                .sorted(Comparator.comparing(Check::name))
                .toList();
    }

    private static void invoke(Method method, Object fulfilled) {
        try {
            method.invoke(fulfilled);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException exception) {
                throw exception;
            }
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException contractsArePublic) {
            throw new AssertionError(contractsArePublic);
        }
    }
}
