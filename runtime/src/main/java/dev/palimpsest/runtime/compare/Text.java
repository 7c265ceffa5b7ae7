package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.run.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for a terminal: axes, network calls, the scores that have a direction (all, if none has), seconds and reasons. */
final class Text {
    private static final String GAP = "  ";
    private static final int LONGEST_REMARK = 100;

    private Text() {}

    static String table(Table table) {
        List<String> scores = scores(table);
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("cell"));
        head.addAll(table.axes());
        head.add("calls");
        head.addAll(scores);
        head.addAll(List.of("seconds", ""));
        lines.add(head);
        for (Row row : table.rows()) {
            List<String> line = new ArrayList<>(List.of(String.valueOf(row.number())));
            line.addAll(row.cell().values().values());
            line.add(number("%.1f", row.mean(Measured::restoringCalls)));
            scores.forEach(score -> line.add(score(row, score)));
            line.add(number("%.1f", row.mean(Measured::totalSeconds)));
            line.add(shortened(row.remark()));
            lines.add(line);
        }
        int[] widths = IntStream.range(0, head.size())
                .map(i -> lines.stream()
                        .mapToInt(line -> line.get(i).length())
                        .max()
                        .orElseThrow())
                .toArray();
        return lines.stream()
                .map(line -> line(line, widths, table.axes().size()))
                .collect(Collectors.joining());
    }

    /** How a cell ended. */
    static String line(Row row, Table table) {
        String name = "cell " + row.number() + " of " + table.rows().size()
                + (row.cell().values().isEmpty() ? "" : " (" + row.cell().name() + ")");
        if (row.done().isEmpty()) {
            return name + " failed: " + row.reason();
        }
        return name + ": "
                + scores(table).stream()
                        .filter(score -> row.score(score).isPresent())
                        .map(score -> score + " " + score(row, score) + ", ")
                        .collect(Collectors.joining())
                + number("%.1f", row.mean(Measured::totalSeconds)) + " s"
                + (row.reason().isEmpty() ? "" : "; " + row.reason());
    }

    private static List<String> scores(Table table) {
        Map<String, Score.Better> all = table.scores();
        List<String> directed = all.entrySet().stream()
                .filter(score -> score.getValue() != Score.Better.EQUAL)
                .map(Map.Entry::getKey)
                .toList();
        return directed.isEmpty() ? List.copyOf(all.keySet()) : directed;
    }

    private static String score(Row row, String name) {
        return row.score(name)
                .map(score -> String.format(Locale.ROOT, "%.4g", score.value().mean())
                        + (score.value().standardError().isPresent()
                                ? number(" ± %.2g", score.value().standardError())
                                : ""))
                .orElse("");
    }

    private static String shortened(String remark) {
        return remark.length() <= LONGEST_REMARK ? remark : remark.substring(0, LONGEST_REMARK) + "...";
    }

    private static String number(String format, OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
    }

    /** Words to the left of their column, numbers to the right. */
    private static String line(List<String> line, int[] widths, int axes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - line.get(i).length());
            boolean left = i > 0 && i <= axes || i == widths.length - 1;
            text.append(left ? line.get(i) + blanks : blanks + line.get(i)).append(GAP);
        }
        return text.toString().stripTrailing() + System.lineSeparator();
    }
}
