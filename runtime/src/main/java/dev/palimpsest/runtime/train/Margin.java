package dev.palimpsest.runtime.train;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.transport.Tiling;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How observations are transported that are larger on each side than the items that a drift is trained on: at once, by a network of the same weights for
 * their size, or where the architecture has no such networks by tiles of the items' size.
 */
final class Margin implements AutoCloseable {
    private static final int MOST_TILES = 64;

    private final int pixels;
    private final DriftNetwork teacher;
    private final DriftNetwork carrier;
    private final Optional<Tiling> tiles;
    private final double larger;

    /**
     * @param pixels how many, on each side
     * @param signature of the items
     * @param observed the shape of an observation
     * @param teacher whose weights transport
     */
    Margin(
            int pixels,
            DriftArchitecture architecture,
            DriftSignature signature,
            long[] observed,
            DriftNetwork teacher,
            long seed) {
        this.pixels = pixels;
        this.teacher = teacher;
        long[] item = signature.itemShape();
        boolean whole = pixels > 0 && architecture.servesAnySize();
        carrier = whole
                ? architecture.build(
                        new DriftSignature(observed, signature.conditioningMaps(), signature.conditioningSize()), seed)
                : teacher;
        larger = whole ? (double) (observed[1] * observed[2]) / (item[1] * item[2]) : 1;
        tiles = pixels == 0 || whole ? Optional.empty() : Optional.of(new Tiling((int) item[1], (int) item[2], pixels));
    }

    /** What is to be called for an estimate. */
    DriftNetwork network() {
        return carrier;
    }

    /** How many calls for items one call of the network counts as, by the pixels. */
    double larger() {
        return larger;
    }

    /** @param estimate calls the network */
    INDArray apply(Observations y, Function<Observations, INDArray> estimate) {
        if (carrier != teacher) {
            carrier.parameters().assign(teacher.parameters());
        }
        return tiles.map(cut -> cut.apply(y, MOST_TILES, estimate)).orElseGet(() -> estimate.apply(y));
    }

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

    /** Frees the network, unless it is the teacher. */
    @Override
    public void close() {
        if (carrier != teacher) {
            carrier.close();
        }
    }
}
