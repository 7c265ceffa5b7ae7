package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * The energy distance of {@link EnergyDistance} between re-corrupted restorations F(Phi(y)) and other observations y, which needs no
 * clean data: at the fixed point of the method the two have one law.
 *
 * <p>F(Phi(y)) of the first half is compared with y of the second half; identity: F(y) of the first half, what re-corruption gives
 * where nothing is restored; floor: y's first half. The p-value is (1 + hits) / (1 + permutations), where a hit is a relabelling of
 * the pooled sample that gives at least this distance. Items fewer than four have no score.
 */
@Doc(
        "unbiased energy distance between re-corrupted restorations and observations, with a permutation p-value; needs no clean data")
public record ObservationEnergy(
        @Doc("relabellings of the permutation test; 0: no p-value") @Range(min = 0)
        int permutations) implements Metric {
    public ObservationEnergy {
        Ranges.check(ObservationEnergy.class, permutations);
    }

    public ObservationEnergy() {
        this(199);
    }

    @Override
    public boolean needsClean() {
        return false;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        OptionalDouble pValue = permutations == 0
                ? OptionalDouble.empty()
                : Halves.of(heldOut.recorrupted(), heldOut.y()).stream()
                        .mapToDouble(halves -> Energy.pValue(halves, permutations, rng))
                        .findFirst();
        return Halves.score(
                        "observation-energy",
                        heldOut.recorrupted(),
                        heldOut.recorruptedIdentity(),
                        heldOut.y(),
                        Energy::distance)
                .map(score ->
                        new Score(score.name(), score.better(), score.value(), score.identity(), score.floor(), pValue))
                .stream()
                .toList();
    }
}
