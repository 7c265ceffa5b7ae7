package dev.palimpsest.testkit.contract;

import java.util.concurrent.atomic.AtomicInteger;

/** A field through which calls hand their results: each waits a moment for another call to come in between, and then takes what lies there. */
final class Shelf<T> {
    private static final long PATIENCE_NANOSECONDS = 100_000_000;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile T held;

    T through(T mine) {
        held = mine;
        int call = calls.incrementAndGet();
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        while (calls.get() == call && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return held;
    }
}
