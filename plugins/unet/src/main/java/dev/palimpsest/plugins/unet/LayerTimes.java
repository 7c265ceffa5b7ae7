package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.KernelTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs layers one by one, and adds up how long those of each kind take. */
final class LayerTimes {
    private final Map<String, Sum> sums = new TreeMap<>();

    private static final class Sum {
        private int count;
        private long forwardNanos;
        private long backwardNanos;
    }

    void forward(Layer layer) {
        long start = System.nanoTime();
        layer.forward();
        Sum sum = of(layer);
        sum.forwardNanos += System.nanoTime() - start;
        sum.count++;
    }

    void backward(Layer layer) {
        long start = System.nanoTime();
        layer.backward();
        of(layer).backwardNanos += System.nanoTime() - start;
    }

    /** Each kind of layers under its name. */
    List<KernelTime> byKind() {
        return sums.entrySet().stream()
                .map(kind -> new KernelTime(
                        kind.getKey(),
                        kind.getValue().count,
                        kind.getValue().forwardNanos / 1e9,
                        kind.getValue().backwardNanos / 1e9))
                .toList();
    }

    private Sum of(Layer layer) {
        return sums.computeIfAbsent(layer.kind(), kind -> new Sum());
    }
}
