package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.run.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.commons.text.StringEscapeUtils;

/** A table as CSV (RFC 4180): a line of names, then one row a cell; what is not known is empty. */
final class Csv {
    private Csv() {}

    static String of(Table table) {
        StringBuilder csv = new StringBuilder(line(names(table)));
        for (Row row : table.rows()) {
            csv.append(line(values(row, table)));
        }
        return csv.toString();
    }

    private static List<String> names(Table table) {
        List<String> names = new ArrayList<>(table.axes());
        names.addAll(List.of(
                "status",
                "reason",
                "seeds",
                "restoringCalls",
                "evaluationsPerItem",
                "steps",
                "trainSeconds",
                "restoreSeconds",
                "totalSeconds"));
        for (String score : table.scores().keySet()) {
            names.addAll(List.of(
                    score,
                    score + ".standardError",
                    score + ".mean",
                    score + ".pValue",
                    score + ".identity",
                    score + ".floor"));
        }
        return names;
    }

    private static List<String> values(Row row, Table table) {
        List<String> values = new ArrayList<>(row.cell().values().values());
        values.add(row.status().inWords());
        values.add(row.reason());
        values.add(String.valueOf(row.done().size()));
        values.add(number(row.mean(Measured::restoringCalls)));
        values.add(number(row.mean(Measured::evaluationsPerItem)));
        values.add(number(row.mean(Measured::steps)));
        values.add(number(row.mean(Measured::trainSeconds)));
        values.add(number(row.mean(Measured::restoreSeconds)));
        values.add(number(row.mean(Measured::totalSeconds)));
        for (String name : table.scores().keySet()) {
            values.addAll(row.score(name)
                    .map(score -> List.of(
                            String.valueOf(score.value().mean()),
                            number(score.value().standardError()),
                            number(score.ofMeans()),
                            number(score.pValue()),
                            number(score.identity()),
                            number(score.floor())))
                    .orElse(List.of("", "", "", "", "", "")));
        }
        return values;
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.valueOf(value.getAsDouble()) : "";
    }

    private static String line(List<String> values) {
        return values.stream().map(StringEscapeUtils::escapeCsv).collect(Collectors.joining(",", "", "\r\n"));
    }
}
