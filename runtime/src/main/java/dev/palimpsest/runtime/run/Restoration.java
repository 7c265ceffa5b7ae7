package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.data.Values;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.runtime.transport.Tiling;
import dev.palimpsest.runtime.transport.TransportMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Applies a trained drift to observations, in blocks, and corrupts the results again. */
final class Restoration {
    private static final int VALUES = 1 << 17;
    private static final int MOST_ITEMS = 4096;

    private final Pipeline pipeline;
    private final TransportMap transport;
    private final Optional<PosteriorMean> mean;
    private long items;

    /** Restores without posterior means. */
    Restoration(Pipeline pipeline, DriftNetwork drift) {
        this(pipeline, drift, Optional.empty());
    }

    /** @param mean by the same drift */
    Restoration(Pipeline pipeline, DriftNetwork drift, Optional<PosteriorMean> mean) {
        this.pipeline = pipeline;
        this.mean = mean;
        transport = pipeline.restoring(drift);
    }

    /**
     * Restored observations; row i is the same item in all.
     *
     * @param x Phi(y)
     * @param recorrupted F(x), a fresh draw of F
     */
    record Restored(Observations y, INDArray x, INDArray recorrupted) {}

    /** Restores these rows of the observations. */
    Restored restored(int[] rows) {
        List<INDArray> x = new ArrayList<>();
        List<INDArray> recorrupted = new ArrayList<>();
        forBlocks(rows, (y, from) -> {
            INDArray block = transport.apply(y);
            x.add(block);
            recorrupted.add(corrupted(block, "recorrupt restored", from));
        });
        items += rows.length;
        return new Restored(pipeline.observations().rows(rows), joined(x), joined(recorrupted));
    }

    /** The same, beside their posterior means and what F makes of these and of the observations themselves; {@code clean} belongs to them, row by row, if it is known. */
    HeldOut of(int[] rows, Optional<INDArray> clean) {
        Restored restored = restored(rows);
        List<INDArray> identity = new ArrayList<>();
        forBlocks(rows, (y, from) -> identity.add(corrupted(y.y(), "recorrupt observed", from)));
        List<INDArray> means = new ArrayList<>();
        List<INDArray> recorruptedMeans = new ArrayList<>();
        mean.ifPresent(posterior -> forBlocks(rows, (y, from) -> {
            INDArray x = restored.x().get(NDArrayIndex.interval(from, from + y.y().size(0)));
            INDArray block = posterior.apply(y, Optional.of(x));
            means.add(block);
            recorruptedMeans.add(corrupted(block, "recorrupt mean", from));
        }));
        Observations y = restored.y();
        return new HeldOut(
                y.y(),
                y.conditioning(),
                restored.x(),
                restored.recorrupted(),
                joined(identity),
                clean,
                mean.map(known -> joined(means)),
                mean.map(known -> joined(recorruptedMeans)));
    }

    /** A part of the images that is held out, restored whole and corrupted as a whole, the k-th with streams of its own. */
    HeldOut whole(int part) {
        Scenes scenes = pipeline.scenes().orElseThrow();
        Observations y = scenes.images().whole(part);
        long[] shape = Shapes.item(y.y().shape());
        ForwardModel forward = scenes.forward().prepare(shape);
        UnaryOperator<INDArray> again = x -> forward.apply(x, pipeline.streams().stream("recorrupt whole", part))
                .y();
        Tiling tiling = scenes.tiling();
        int atOnce = block(pipeline.itemSize());
        INDArray x = tiling.apply(y, atOnce, transport::apply);
        items += tiling.count((int) shape[1], (int) shape[2]);
        Optional<INDArray> means = mean.map(
                posterior -> posterior.of(Optional.of(x), tiling.apply(y, atOnce, tile -> posterior.apply(tile))));
        return new HeldOut(
                y.y(),
                y.conditioning(),
                x,
                again.apply(x),
                again.apply(y.y()),
                scenes.images().clean(part),
                means,
                means.map(again));
    }

    /**
     * The standard deviation of the restorations of these rows over draws of what stands for their lost values; empty if F loses none.
     *
     * @param draws how many, at least 2
     */
    Optional<INDArray> deviation(int[] rows, int draws) {
        List<INDArray> blocks = new ArrayList<>();
        forBlocks(rows, (y, from) -> deviation(y, draws, "draw " + from).ifPresent(blocks::add));
        return blocks.isEmpty() ? Optional.empty() : Optional.of(joined(blocks));
    }

    private Optional<INDArray> deviation(Observations y, int draws, String purpose) {
        DrawnMoments moments = new DrawnMoments(Math.toIntExact(y.y().length()));
        for (int draw = 1; draw <= draws; draw++) {
            Optional<Observations> refilled = refilled(y, purpose, draw);
            if (refilled.isEmpty()) {
                return Optional.empty();
            }
            INDArray x = transport.apply(refilled.get());
            moments.add(Values.of(x, 0, x.size(0)));
            x.close();
            items += y.y().size(0);
        }
        return Optional.of(Nd4j.createFromArray(moments.deviation()).reshape('c', y.y().shape()));
    }

    private Optional<Observations> refilled(Observations y, String purpose, int draw) {
        try {
            return pipeline.forward().refill(y, pipeline.streams().stream(purpose, draw));
        } catch (DataException refused) {
            throw new DataException(pipeline.observations().where() + ": " + refused.getMessage(), refused);
        }
    }

    /** How many items of so many numbers are restored at once. */
    static int block(int itemSize) {
        return Math.max(1, Math.min(MOST_ITEMS, VALUES / itemSize));
    }

    /** What is done with a block of observations, which begins at a row. */
    private interface Work {
        void on(Observations y, int from);
    }

    private void forBlocks(int[] rows, Work work) {
        int block = block(pipeline.itemSize());
        for (int from = 0; from < rows.length; from += block) {
            int to = Math.min(rows.length, from + block);
            work.on(pipeline.observations().rows(Arrays.copyOfRange(rows, from, to)), from);
        }
    }

    private INDArray corrupted(INDArray x, String purpose, int from) {
        return pipeline.forward()
                .apply(x, pipeline.streams().stream(purpose, from))
                .y();
    }

    /** Network calls of Phi for each item restored so far. */
    double callsPerItem() {
        return items == 0 ? 0 : (double) transport.calls() / items;
    }

    static INDArray joined(List<INDArray> blocks) {
        return blocks.size() == 1 ? blocks.get(0) : Nd4j.concat(0, blocks.toArray(INDArray[]::new));
    }
}
