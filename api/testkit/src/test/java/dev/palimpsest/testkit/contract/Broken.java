package dev.palimpsest.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * An implementation that breaks one promise.
 *
 * @param check the name of the check that must notice
 * @param says what its message must contain
 */
record Broken<T>(T implementation, String check, String says) {
    <C> void isNoticed(Class<C> kind, C contract) {
        Check named = Check.of(kind, contract).stream()
                .filter(check -> check.name().equals(this.check))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(named.attempt()::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(says);
    }

    @Override
    public String toString() {
        return implementation.getClass().getSimpleName() + ": " + check;
    }

    /** Every check has at least one implementation that it notices, and is a test for JUnit. */
    static <C> void requireOneForEachCheck(Class<C> kind, C contract, Collection<? extends Broken<?>> broken) {
        List<String> checks = Check.of(kind, contract).stream().map(Check::name).toList();
        assertThat(broken.stream().map(Broken::check).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(checks);
        assertThat(Arrays.stream(kind.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(method -> method.getName().replace('_', ' ')))
                .containsExactlyInAnyOrderElementsOf(checks);
    }
}
