package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.FusedKernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Switches {@link FusedKernels} off while a class's tests run: a subclass of a test that implements this tries what runs on other backends. */
public interface WithoutFusedKernels {
    @BeforeAll
    static void forbidFusedKernels() {
        System.setProperty(FusedKernels.PROPERTY, "false");
    }

    @AfterAll
    static void allowFusedKernels() {
        System.clearProperty(FusedKernels.PROPERTY);
    }
}
