package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.HeldOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a picture shows side by side with others.
 *
 * @param label its name for readers
 * @param ink the colour of its points or bars, 0xRRGGBB
 * @param given whether it comes with the data, rather than from the trained map: such columns decide the axes
 * @param items [n, ...]
 */
record Column(String label, int ink, boolean given, INDArray items) {
    /** Items that are not images become vectors [n, d]. */
    Column {
        if (items.rank() != 4) {
            items = items.reshape('c', items.size(0), items.length() / items.size(0));
        }
    }

    /** Clean items where they are known, y, restored and re-corrupted. */
    static List<Column> of(HeldOut heldOut) {
        List<Column> columns = new ArrayList<>();
        heldOut.clean().ifPresent(clean -> columns.add(new Column("clean", 0x2f7d5b, true, clean)));
        columns.add(new Column("observed", 0x6f6a62, true, heldOut.y()));
        columns.add(new Column("restored", 0xb4481f, false, heldOut.restored()));
        columns.add(new Column("F(restored)", 0x3d6596, false, heldOut.recorrupted()));
        return columns;
    }

    /** The values of one item, channel by channel and row by row. */
    float[] item(int i) {
        return items.slice(i).dup('c').data().asFloat();
    }

    /** Coordinate k of each vector [n, d], of at most so many. */
    float[] coordinate(int k, int limit) {
        float[] all = items.getColumn(k).dup().data().asFloat();
        return all.length <= limit ? all : Arrays.copyOf(all, limit);
    }
}
