package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The distance of {@link SlicedWasserstein} between re-corrupted restorations F(Phi(y)) and other observations y, which needs no clean
 * data.
 *
 * <p>F(Phi(y)) of the first half is compared with y of the second half; identity: F(y) of the first half; floor: y's first half. Items
 * fewer than four have no score.
 */
@Doc("sliced Wasserstein-2 distance between re-corrupted restorations and observations; needs no clean data")
public record ObservationSlicedWasserstein(
        @Doc("number of directions") @Range(min = 1, max = 100000)
        int projections,

        @Doc("decides the directions") long seed)
        implements Metric {
    public ObservationSlicedWasserstein {
        Ranges.check(ObservationSlicedWasserstein.class, projections, seed);
    }

    public ObservationSlicedWasserstein() {
        this(256, 0);
    }

    @Override
    public boolean needsClean() {
        return false;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return Halves.score(
                        "observation-sliced-wasserstein",
                        heldOut.recorrupted(),
                        heldOut.recorruptedIdentity(),
                        heldOut.y(),
                        new Slices(projections, seed)::distance)
                .stream()
                .toList();
    }
}
