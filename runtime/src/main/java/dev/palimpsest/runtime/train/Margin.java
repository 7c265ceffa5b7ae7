package dev.palimpsest.runtime.train;

import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.transport.Tiling;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What observations have beside the items that a drift is trained on, on each side: they are transported by tiles of the items' size. */
final class Margin {
    private static final int MOST_TILES = 64;

    private final int pixels;
    private final Optional<Tiling> tiles;

    /** @param item the shape of an item, of which images alone can have a margin */
    Margin(int pixels, long[] item) {
        this.pixels = pixels;
        tiles = pixels == 0 ? Optional.empty() : Optional.of(Tiling.withMargin((int) item[1], (int) item[2], pixels));
    }

    /** @param estimate of observations of the items' size */
    INDArray apply(Observations y, Function<Observations, INDArray> estimate) {
        return tiles.map(cut -> cut.apply(y, MOST_TILES, estimate)).orElseGet(() -> estimate.apply(y));
    }

    /** What is learned from. */
    Observations cut(Observations y) {
        return pixels == 0 ? y : new Observations(cut(y.y()), y.conditioning().map(this::cut));
    }

    /** Vectors are returned as they are. */
    INDArray cut(INDArray images) {
        return pixels == 0 || images.rank() < 4
                ? images
                : images.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(pixels, images.size(2) - pixels),
                                NDArrayIndex.interval(pixels, images.size(3) - pixels))
                        .dup('c');
    }
}
