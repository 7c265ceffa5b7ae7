package dev.palimpsest.runtime.cli;

import dev.palimpsest.api.KernelTime;
import dev.palimpsest.runtime.run.Bench;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the time of a step goes, for a terminal: milliseconds of each kind of layer with its share of the gradient, then what each part of a step takes and allocates. */
final class KernelTable {
    private static final String ROW = "%-22s %6s %12s %12s %9s%n";
    private static final String PART = "%-22s %12s %12s %12s %12s%n";

    private static final double KIBIBYTE = 1024;

    private KernelTable() {}

    /** @param values what the recipe has on the axes of a sweep */
    static String of(Map<String, String> values, Bench.Kernels kernels) {
        StringBuilder text = new StringBuilder();
        if (!values.isEmpty()) {
            text.append(values.entrySet().stream()
                            .map(value -> value.getKey() + "=" + value.getValue())
                            .collect(Collectors.joining(" ")))
                    .append(System.lineSeparator());
        }
        double gradient = kernels.layers().gradientSeconds();
        if (kernels.layers().kinds().isEmpty()) {
            text.append(String.format("the drift does not say where its time goes%n"));
        } else {
            text.append(String.format(ROW, "layers", "count", "forward ms", "backward ms", "share"));
            double inLayers = 0;
            for (KernelTime layer : slowestFirst(kernels.layers().kinds())) {
                inLayers += seconds(layer);
                text.append(String.format(
                        ROW,
                        layer.name(),
                        layer.count(),
                        milliseconds(layer.forwardSeconds()),
                        milliseconds(layer.backwardSeconds()),
                        percent(seconds(layer) / gradient)));
            }
            text.append(String.format(ROW, "outside of layers", "", "", "", percent(1 - inLayers / gradient)));
        }
        text.append(String.format("%n" + PART, "parts of a step", "ms", "items/s", "heap KiB", "native KiB"));
        kernels.parts()
                .forEach((name, part) -> text.append(String.format(
                        PART,
                        name,
                        milliseconds(part.seconds()),
                        decimal("%.1f", kernels.batch() / part.seconds()),
                        decimal("%.1f", part.heapBytes() / KIBIBYTE),
                        decimal("%.1f", part.nativeBytes() / KIBIBYTE))));
        return text.toString();
    }

    private static List<KernelTime> slowestFirst(List<KernelTime> kinds) {
        return kinds.stream()
                .sorted(Comparator.comparingDouble(KernelTable::seconds).reversed())
                .toList();
    }

    private static double seconds(KernelTime layer) {
        return layer.forwardSeconds() + layer.backwardSeconds();
    }

    private static String milliseconds(double seconds) {
        return decimal("%.3f", 1e3 * seconds);
    }

    private static String percent(double share) {
        return decimal("%.1f %%", 100 * share);
    }

    private static String decimal(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
