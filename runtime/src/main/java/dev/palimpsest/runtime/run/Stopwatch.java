package dev.palimpsest.runtime.run;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Wall-clock time since it was started. */
record Stopwatch(long startNanos) {
    static Stopwatch started() {
        return new Stopwatch(System.nanoTime());
    }

    /** Started when the program was: when the JVM began. */
    static Stopwatch ofTheProgram() {
        return new Stopwatch(System.nanoTime()
                - TimeUnit.MILLISECONDS.toNanos(
                        ManagementFactory.getRuntimeMXBean().getUptime()));
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
