package dev.palimpsest.runtime.run;

import dev.palimpsest.api.KernelTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A part of a step, done several times over: what each time took and allocated. */
record Repeated(double[] seconds, double[] heapBytes, double[] nativeBytes) {
    static final int TIMES = 10;

    /** @param warmUp how many times it is done before any is counted */
    static Repeated of(int warmUp, Runnable part) {
        for (int i = 0; i < warmUp; i++) {
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

    /** The median times of each kind of layer, those that take longest first. */
    static List<KernelTime> medians(List<List<KernelTime>> measured) {
        Map<String, List<KernelTime>> byName = measured.stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(KernelTime::name, LinkedHashMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(kind -> new KernelTime(
                        kind.getKey(),
                        kind.getValue().get(0).count(),
                        median(kind.getValue(), KernelTime::forwardSeconds),
                        median(kind.getValue(), KernelTime::backwardSeconds)))
                .sorted(Comparator.comparingDouble(kind -> -kind.forwardSeconds() - kind.backwardSeconds()))
                .toList();
    }

    private static double median(List<KernelTime> times, ToDoubleFunction<KernelTime> seconds) {
        return median(times.stream().mapToDouble(seconds).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
