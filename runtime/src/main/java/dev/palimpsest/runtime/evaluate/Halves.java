package dev.palimpsest.runtime.evaluate;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One sample's first half against another's second half: no item has a part in both, so that the distances of restorations, of
 * observations and of clean data themselves (value, identity, floor) are comparable.
 */
record Halves(Rows first, Rows second) {
    /** Empty if a half would have fewer than two items, from which no distance of distributions can be estimated. */
    static Optional<Halves> of(INDArray first, INDArray second) {
        int items = (int) first.size(0);
        if (items < 4) {
            return Optional.empty();
        }
        int half = items / 2;
        return Optional.of(
                new Halves(Rows.of(first).between(0, half), Rows.of(second).between(half, items)));
    }

    /** A distance from the reference's second half: of the restored first half, of the identity's and of the reference's own. */
    static Optional<Score> score(
            String name, INDArray restored, INDArray identity, INDArray reference, ToDoubleFunction<Halves> distance) {
        return of(restored, reference)
                .map(halves -> new Score(
                        name,
                        Score.Better.LOWER,
                        distance.applyAsDouble(halves),
                        anchor(identity, reference, distance),
                        anchor(reference, reference, distance),
                        OptionalDouble.empty()));
    }

    private static OptionalDouble anchor(INDArray first, INDArray second, ToDoubleFunction<Halves> distance) {
        return of(first, second).stream().mapToDouble(distance).findFirst();
    }

    /** The first items of each half, at most so many. */
    Halves atMost(int limit) {
        return new Halves(first.atMost(limit), second.atMost(limit));
    }
}
