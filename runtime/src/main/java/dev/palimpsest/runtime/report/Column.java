package dev.palimpsest.runtime.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What a picture shows side by side with others.
 *
 * @param label its name for readers
 * @param ink the colour of its points or bars, 0xRRGGBB
 * @param given whether it comes with the data, rather than from the trained map: such columns decide the axes
 * @param magnitude whether its values are sizes from 0 on, shown by heat, rather than an image's from -1 to 1
 * @param items [n, ...]
 */
record Column(String label, int ink, boolean given, boolean magnitude, INDArray items) {
    static final String ERROR = "error";

    static final int IMAGE_RANK = 4;

    /** Items that are not images become vectors [n, d]. */
    Column {
        if (items.rank() != IMAGE_RANK) {
            items = items.reshape('c', items.size(0), items.length() / items.size(0));
        }
    }

    /** Clean items where they are known, y, restored, their posterior means where these are known, and re-corrupted. */
    static List<Column> of(PicturedItems items) {
        List<Column> columns = new ArrayList<>();
        items.clean().ifPresent(clean -> columns.add(clean(clean)));
        columns.add(observed("observed", items.y()));
        columns.add(restored("restored", items.restored()));
        items.mean().ifPresent(mean -> columns.add(new Column("mean", 0x7d4a8c, false, false, mean)));
        columns.add(new Column("F(restored)", 0x3d6596, false, false, items.recorrupted()));
        return columns;
    }

    /**
     * What the runs with these numbers, which have the same items, have restored, beside the clean items, where they are known, and what was observed: once, where that is
     * the same in all.
     */
    static List<Column> sideBySide(List<Integer> numbers, Map<Integer, PicturedItems> runs) {
        PicturedItems first = runs.get(numbers.get(0));
        List<Column> columns = new ArrayList<>();
        first.clean().ifPresent(clean -> columns.add(clean(clean)));
        boolean oneY = numbers.stream()
                .allMatch(number -> Pictures.same(runs.get(number).y(), first.y()));
        if (oneY) {
            columns.add(observed("observed", first.y()));
        }
        for (int number : numbers) {
            if (!oneY) {
                columns.add(observed("observed " + number, runs.get(number).y()));
            }
            columns.add(restored("restored " + number, runs.get(number).restored()));
        }
        return columns;
    }

    private static Column clean(INDArray items) {
        return new Column("clean", 0x2f7d5b, true, false, items);
    }

    private static Column observed(String label, INDArray items) {
        return new Column(label, 0x6f6a62, true, false, items);
    }

    private static Column restored(String label, INDArray items) {
        return new Column(label, 0xb4481f, false, false, items);
    }

    /** For images also |restored - clean|, where clean is known, and the deviation of several restorations, where they were drawn: means over the channels. */
    static List<Column> ofImages(PicturedItems items) {
        List<Column> columns = of(items);
        items.clean()
                .ifPresent(clean -> columns.add(sizes(ERROR, items.restored().sub(clean))));
        items.deviation().ifPresent(deviation -> columns.add(sizes("uncertainty", deviation)));
        return columns;
    }

    private static Column sizes(String label, INDArray of) {
        return new Column(label, 0, false, true, Transforms.abs(of, true).mean(true, 1));
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
