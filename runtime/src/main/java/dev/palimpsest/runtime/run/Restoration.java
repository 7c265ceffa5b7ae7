package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.transport.TransportMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Applies a trained drift to observations, in blocks, and corrupts the results again. */
final class Restoration {
    private static final int VALUES = 1 << 17;
    private static final int MOST_ITEMS = 4096;

    private final Pipeline pipeline;
    private final TransportMap transport;
    private long items;

    Restoration(Pipeline pipeline, DriftNetwork drift) {
        this.pipeline = pipeline;
        transport = pipeline.restoring(drift);
    }

    /** Restores these rows of the observations; {@code clean} belongs to them, row by row, if it is known. */
    HeldOut of(int[] rows, Optional<INDArray> clean) {
        List<INDArray> restored = new ArrayList<>();
        List<INDArray> recorrupted = new ArrayList<>();
        List<INDArray> recorruptedIdentity = new ArrayList<>();
        ForwardModel forward = pipeline.forward();
        int block = Math.max(1, Math.min(MOST_ITEMS, VALUES / pipeline.itemSize()));
        for (int from = 0; from < rows.length; from += block) {
            Observations y =
                    pipeline.observations().rows(Arrays.copyOfRange(rows, from, Math.min(rows.length, from + block)));
            INDArray x = transport.apply(y);
            restored.add(x);
            recorrupted.add(forward.apply(x, pipeline.streams().stream("recorrupt restored", from))
                    .y());
            recorruptedIdentity.add(forward.apply(y.y(), pipeline.streams().stream("recorrupt observed", from))
                    .y());
        }
        items += rows.length;
        Observations y = pipeline.observations().rows(rows);
        return new HeldOut(
                y.y(), y.conditioning(), joined(restored), joined(recorrupted), joined(recorruptedIdentity), clean);
    }

    /** Network calls for each item restored so far. */
    double callsPerItem() {
        return items == 0 ? 0 : (double) transport.calls() / items;
    }

    private static INDArray joined(List<INDArray> blocks) {
        return blocks.size() == 1 ? blocks.get(0) : Nd4j.concat(0, blocks.toArray(INDArray[]::new));
    }
}
