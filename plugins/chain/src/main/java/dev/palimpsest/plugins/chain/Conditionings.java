package dev.palimpsest.plugins.chain;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What is known of several corruptions, as one array. */
final class Conditionings {
    private Conditionings() {}

    /**
     * All together, in order; empty if there is none.
     *
     * @param known vectors [N, d] and maps [N, c, H, W], of one N, H and W
     */
    static Optional<INDArray> joined(List<INDArray> known) {
        if (known.size() < 2) {
            return known.stream().findFirst();
        }
        Optional<INDArray> map =
                known.stream().filter(array -> array.rank() == 4).findFirst();
        INDArray[] alike = known.stream()
                .map(array -> map.filter(like -> array.rank() == 2)
                        .map(like -> spread(array, like.size(2), like.size(3)))
                        .orElse(array))
                .toArray(INDArray[]::new);
        return Optional.of(Nd4j.concat(1, alike));
    }

    /**
     * The part of joined conditioning that is the last model's.
     *
     * @param like the last model's own, of one item: [1, c, H, W] or [1, d]
     * @throws IllegalArgumentException if what is joined has no such part
     */
    static INDArray last(INDArray joined, INDArray like) {
        long all = joined.size(1);
        boolean spread = joined.rank() == 4 && like.rank() == 2;
        if (all < like.size(1) || (joined.rank() != like.rank() && !spread)) {
            throw new IllegalArgumentException("expected conditioning that ends with what the last model of the chain"
                    + " tells, " + Arrays.toString(like.shape()) + " of an item, got "
                    + Arrays.toString(joined.shape()));
        }
        INDArrayIndex[] part = new INDArrayIndex[joined.rank()];
        Arrays.fill(part, spread ? NDArrayIndex.point(0) : NDArrayIndex.all());
        part[0] = NDArrayIndex.all();
        part[1] = NDArrayIndex.interval(all - like.size(1), all);
        long[] shape = like.shape().clone();
        shape[0] = joined.size(0);
        return joined.get(part).dup('c').reshape('c', shape);
    }

    /** Vectors [N, d] as constant maps [N, d, H, W]. */
    private static INDArray spread(INDArray vectors, long height, long width) {
        float[] values = vectors.dup('c').data().asFloat();
        int pixels = Math.toIntExact(height * width);
        float[] maps = new float[Math.multiplyExact(values.length, pixels)];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(maps, i * pixels, (i + 1) * pixels, values[i]);
        }
        return Nd4j.createFromArray(maps).reshape('c', vectors.size(0), vectors.size(1), height, width);
    }
}
