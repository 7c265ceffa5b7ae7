package dev.palimpsest.runtime.recipe;

import java.util.Comparator;
import org.yaml.snakeyaml.error.Mark;

/**
 * Where something stands.
 *
 * @param line from 1; 0 stands for the whole source
 * @param column from 1, in characters
 */
record Place(Source source, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> READING_ORDER = Comparator.<Place>comparingInt(place -> place.source.order())
            .thenComparingInt(Place::line)
            .thenComparingInt(Place::column);

    static Place at(Source source, Mark mark) {
        return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    @Override
    public int compareTo(Place other) {
        return READING_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? source.name() : source.name() + ":" + line + ":" + column;
    }
}
