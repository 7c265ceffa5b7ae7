package dev.palimpsest.runtime.run;

import java.util.Arrays;

/** A part of a step, done several times over: what each time took and allocated. */
record Repeated(double[] seconds, double[] heapBytes, double[] nativeBytes) {
    static final int TIMES = 10;
    private static final double WARM_UP_SECONDS = 0.5;

    /** @param warmUp how many times it is done before any is counted, at least: what is short needs many until it has been compiled */
    static Repeated of(int warmUp, Runnable part) {
        Stopwatch warming = Stopwatch.started();
        for (int i = 0; i < warmUp || warming.seconds() < WARM_UP_SECONDS; i++) {
            part.run();
        }
        Repeated repeated = new Repeated(new double[TIMES], new double[TIMES], new double[TIMES]);
        for (int i = 0; i < TIMES; i++) {
            Allocations before = Allocations.now();
            Stopwatch time = Stopwatch.started();
            part.run();
            repeated.seconds[i] = time.seconds();
            Allocations after = Allocations.now();
            repeated.heapBytes[i] = after.heapBytesSince(before);
            repeated.nativeBytes[i] = after.nativeBytesSince(before);
        }
        return repeated;
    }

    double medianSeconds() {
        return median(seconds);
    }

    double leastSeconds() {
        return Arrays.stream(seconds).min().orElseThrow();
    }

    long medianHeapBytes() {
        return Math.round(median(heapBytes));
    }

    long medianNativeBytes() {
        return Math.round(median(nativeBytes));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
