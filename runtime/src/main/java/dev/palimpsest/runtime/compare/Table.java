package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.evaluate.Score;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a comparison found.
 *
 * @param folder where it is written
 * @param name the recipe's
 * @param axes the keys of the grid's axes
 * @param seeds how many each cell has
 * @param drift the run whose trained drift all cells restore with, if they do not train
 * @param rows one a cell, in the grid's order
 */
record Table(Path folder, String name, List<String> axes, int seeds, Optional<String> drift, List<Row> rows) {
    Table {
        axes = List.copyOf(axes);
        rows = List.copyOf(rows);
    }

    /** The scores that any cell has, and which way they point. */
    Map<String, Score.Better> scores() {
        Map<String, Score.Better> scores = new LinkedHashMap<>();
        rows.stream().flatMap(Row::scores).forEach(score -> scores.putIfAbsent(score.name(), score.better()));
        return scores;
    }

    /** A run's folder, from the table's. */
    String address(Outcome.Done done) {
        return folder.relativize(done.folder()).toString().replace('\\', '/');
    }
}
