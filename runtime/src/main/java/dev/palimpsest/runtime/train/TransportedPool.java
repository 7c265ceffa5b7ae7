package dev.palimpsest.runtime.train;

import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The observations that the current steps use, and x = Phi(y) beside each; some are kept over several steps, the oldest are replaced first. */
final class TransportedPool {
    private final INDArray x;
    private final INDArray y;
    private final Optional<INDArray> conditioning;
    private int oldest;

    /** A pool that is filled with these observations and what they were carried to. */
    TransportedPool(Observations observations, INDArray transported) {
        x = transported.dup('c');
        y = observations.y().dup('c');
        conditioning = observations.conditioning().map(known -> known.dup('c'));
    }

    /** Replaces the oldest items by these. */
    void replace(Observations observations, INDArray transported) {
        int size = (int) x.size(0);
        int count = (int) transported.size(0);
        for (int from = 0; from < count; ) {
            int run = Math.min(count - from, size - oldest);
            copy(transported, x, from, run);
            copy(observations.y(), y, from, run);
            if (conditioning.isPresent()) {
                copy(observations.conditioning().orElseThrow(), conditioning.get(), from, run);
            }
            from += run;
            oldest = (oldest + run) % size;
        }
    }

    INDArray x() {
        return x;
    }

    Observations observations() {
        return new Observations(y, conditioning);
    }

    private void copy(INDArray source, INDArray target, int from, int run) {
        target.get(rows(target, oldest, run)).assign(source.get(rows(source, from, run)));
    }

    private static INDArrayIndex[] rows(INDArray array, int from, int count) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(from, from + count);
        return indices;
    }
}
