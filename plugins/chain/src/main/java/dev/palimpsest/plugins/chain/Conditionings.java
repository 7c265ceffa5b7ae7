package dev.palimpsest.plugins.chain;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
