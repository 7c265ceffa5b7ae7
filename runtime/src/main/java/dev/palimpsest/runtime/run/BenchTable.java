package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.report.CostContent;
import dev.palimpsest.runtime.report.CostPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.StringEscapeUtils;

/** The costs of several recipes. */
public record BenchTable(List<Row> rows) {
    private static final String SECONDS = "Seconds";
    private static final List<String> PARTS = List.of("forward", "gradient", "step", "transport");

    /**
     * One recipe's.
     *
     * @param values what it has on the axes of the sweep, by key
     * @param cost as {@link Bench#cost} measured it
     */
    public record Row(Map<String, String> values, Map<String, Object> cost) {
        /** The cost, after what it is the cost of where there are axes. */
        public Map<String, Object> asJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            if (!values.isEmpty()) {
                json.put("cell", values);
            }
            json.putAll(cost);
            return json;
        }

        private double seconds(String part) {
            return ((Number) cost.get(part + SECONDS)).doubleValue();
        }
    }

    /** A shape as it is given on the command line: 3x64x64. */
    public static String inWords(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }

    /**
     * Writes bench.csv (RFC 4180), and bench.html with what the innermost axis does to the time of each part.
     *
     * @throws UncheckedIOException if the folder cannot be written to
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("bench.csv"), csv());
            Files.writeString(folder.resolve("bench.html"), CostPage.of(content()));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot write what was measured: " + e, e);
        }
    }

    private String csv() {
        List<List<String>> lines = new ArrayList<>();
        Row first = rows.get(0);
        lines.add(union(first.values().keySet(), first.cost().keySet()));
        for (Row row : rows) {
            lines.add(union(
                    row.values().values(),
                    row.cost().values().stream()
                            .map(value -> value instanceof long[] shape ? inWords(shape) : String.valueOf(value))
                            .toList()));
        }
        return lines.stream()
                .map(line ->
                        line.stream().map(StringEscapeUtils::escapeCsv).collect(Collectors.joining(",", "", "\r\n")))
                .collect(Collectors.joining());
    }

    private static List<String> union(java.util.Collection<String> first, java.util.Collection<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private CostContent content() {
        List<String> axes = List.copyOf(rows.get(0).values().keySet());
        String axis = axes.isEmpty() ? "" : axes.get(axes.size() - 1);
        return new CostContent(
                axis,
                PARTS.stream()
                        .map(part -> new CostContent.Part(part, curves(part, axis)))
                        .toList());
    }

    private List<CostContent.Curve> curves(String part, String axis) {
        Map<String, List<CostContent.Point>> curves = new LinkedHashMap<>();
        for (Row row : rows) {
            Map<String, String> others = new LinkedHashMap<>(row.values());
            String value = others.getOrDefault(axis, "");
            others.remove(axis);
            curves.computeIfAbsent(
                            others.entrySet().stream()
                                    .map(other -> other.getKey() + "=" + other.getValue())
                                    .collect(Collectors.joining(" ")),
                            name -> new ArrayList<>())
                    .add(new CostContent.Point(value, row.seconds(part)));
        }
        return curves.entrySet().stream()
                .map(curve -> new CostContent.Curve(curve.getKey(), curve.getValue()))
                .toList();
    }
}
