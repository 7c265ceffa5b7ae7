package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * The energy distance between re-corrupted restorations F(Phi(y)) and the held-out observations y that they come from, which needs no clean data: at the
 * fixed point of the method the two have one law.
 *
 * <p>It is E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 (half of the form 2E|X-Y| - ...), estimated without bias from the pairs (F(Phi(y_i)), y_i), so that it may be
 * negative; |.| is the Euclidean norm of the flattened item. Identity: F(y), what re-corruption gives where nothing is restored. Floor: the 95 % quantile
 * of the energies after exchanging the two of each pair at random; what is below it cannot be told from no difference. The p-value is
 * (1 + hits) / (1 + permutations), where a hit is an exchange that gives at least this energy. At most 2000 items are used, and fewer where an item has
 * more than 4194 values. Items fewer than four have no score.
 *
 * <p>Where F(y) itself cannot be told from y, by the same test, a score that is no worse says nothing of what was restored: it then has no p-value, and says so.
 */
@Doc(
        "unbiased energy distance between re-corrupted restorations and their observations, with a permutation p-value; needs no clean data")
public record ObservationEnergy(
        @Doc("random exchanges of the permutation test; 0: no floor and no p-value") @Range(min = 0)
        int permutations) implements Metric {
    public ObservationEnergy {
        Ranges.check(ObservationEnergy.class, permutations);
    }

    private static final String NAME = "observation-energy";

    /** A p-value above it tells nothing apart. */
    private static final double REJECTED = 0.05;

    public ObservationEnergy() {
        this(199);
    }

    @Override
    public boolean needsClean() {
        return false;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return PairedEnergy.of(heldOut.recorrupted(), heldOut.y(), permutations, rng).stream()
                .map(paired -> score(
                        paired,
                        PairedEnergy.of(heldOut.recorruptedIdentity(), heldOut.y(), permutations, rng)
                                .orElseThrow()))
                .toList();
    }

    private static Score score(PairedEnergy paired, PairedEnergy identity) {
        boolean blind = !tells(paired) && !tells(identity) && identity.pValue().isPresent();
        return new Score(
                NAME,
                Score.Better.LOWER,
                paired.energy(),
                OptionalDouble.of(identity.energy()),
                paired.noise(),
                blind ? OptionalDouble.empty() : paired.pValue(),
                blind
                        ? String.format(
                                Locale.ROOT,
                                "cannot tell even the observations from observations that are corrupted once more (p = %.2f), so that it says nothing about this run",
                                identity.pValue().getAsDouble())
                        : "");
    }

    private static boolean tells(PairedEnergy energy) {
        return energy.pValue().orElse(1) <= REJECTED;
    }

    /** Why this score says nothing, where it does not, and what to do: one sentence. */
    public static Optional<String> warning(List<Score> scores) {
        return scores.stream()
                .filter(score -> score.name().equals(NAME) && !score.about().isEmpty())
                .map(
                        score -> NAME + " " + score.about()
                                + "; hold out more observations (data.holdOut), or use observation-power-spectrum, which looks at each frequency")
                .findFirst();
    }
}
