package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The sliced Wasserstein-2 distance of restored and clean items: the root of the mean, over random directions u of unit length, of
 * W2^2 between the projections on u (Bonneel et al., "Sliced and Radon Wasserstein barycenters", JMIV 51, 2015).
 *
 * <p>In one dimension it is W2 itself; a shift by m in d dimensions gives about |m| / sqrt(d). The directions depend on {@code seed}
 * alone. The restored first half is compared with the clean second half; identity: y's first half; floor: the clean first half. Items
 * fewer than four have no score.
 */
@Doc(
        "sliced Wasserstein-2 distance between restored and clean items: root of the mean of W2 squared over fixed directions")
public record SlicedWasserstein(
        @Doc("number of directions") @Range(min = 1, max = 100000)
        int projections,

        @Doc("decides the directions") long seed)
        implements Metric {
    public SlicedWasserstein {
        Ranges.check(SlicedWasserstein.class, projections, seed);
    }

    public SlicedWasserstein() {
        this(256, 0);
    }

    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        Slices slices = new Slices(projections, seed);
        return heldOut
                .clean()
                .flatMap(clean ->
                        Halves.score("sliced-wasserstein", heldOut.restored(), heldOut.y(), clean, slices::distance))
                .stream()
                .toList();
    }
}
