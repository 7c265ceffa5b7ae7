package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The energy distance E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 (half of the form 2E|X-Y| - ...) of restored and clean items: an unbiased
 * estimate, which may be negative.
 *
 * <p>|.| is the Euclidean norm of the flattened item, not divided by its length. The restored first half is compared with the clean
 * second half; identity: y's first half; floor: the clean first half. At most 2000 items of a half are used, and fewer where an item
 * has more than 4194 values. Items fewer than four have no score.
 */
@Doc("unbiased energy distance between restored and clean items, in units of the Euclidean norm of an item")
public record EnergyDistance() implements Metric {
    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut
                .clean()
                .flatMap(clean ->
                        Halves.score("energy-distance", heldOut.restored(), heldOut.y(), clean, Energy::distance))
                .stream()
                .toList();
    }

    /** The distance of the first half of x [n, ...] from the second half of y [n, ...]; empty for fewer than four items. */
    public static OptionalDouble between(INDArray x, INDArray y) {
        return Halves.of(x, y).stream().mapToDouble(Energy::distance).findFirst();
    }
}
