package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The distance of {@link SlicedWasserstein} between all restored items and the very clean items that they come from: what chance puts into the sample (how
 * many items of each kind it has) is in both, and cancels, so that it is sharper than between halves.
 *
 * <p>Identity: all y. Floor: the root of the mean of the squared distance after items were exchanged at random within the pairs, which gives both sides one
 * law and leaves what the pairs share: what a map scores that brings the clean law. Items fewer than four have no score.
 */
@Doc(
        "sliced Wasserstein-2 distance between restored items and the very clean items that they come from: sharper than between halves, since both have the same share of each kind of item")
public record PairedSlicedWasserstein(
        @Doc("number of directions") @Range(min = 1, max = 100000)
        int projections,

        @Doc("how many random exchanges within the pairs the floor is the mean of; 0: no floor")
        @Range(min = 0, max = 10000)
        int exchanges,

        @Doc("decides the directions") long seed)
        implements Metric {
    private static final int FEWEST = 4;

    public PairedSlicedWasserstein {
        Ranges.check(PairedSlicedWasserstein.class, projections, exchanges, seed);
    }

    public PairedSlicedWasserstein() {
        this(64, 8, 0);
    }

    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut.clean().filter(clean -> clean.size(0) >= FEWEST).stream()
                .map(clean -> score(heldOut, clean, rng))
                .toList();
    }

    private Score score(HeldOut heldOut, INDArray clean, RandomGenerator rng) {
        Slices slices = new Slices(projections, seed);
        return new Score(
                "paired-sliced-wasserstein",
                Score.Better.LOWER,
                slices.distance(new Halves(Rows.of(heldOut.restored()), Rows.of(clean))),
                OptionalDouble.of(slices.distance(new Halves(Rows.of(heldOut.y()), Rows.of(clean)))),
                floor(slices, heldOut.restored(), clean, rng),
                OptionalDouble.empty());
    }

    private OptionalDouble floor(Slices slices, INDArray restored, INDArray clean, RandomGenerator rng) {
        double squares = 0;
        for (int k = 0; k < exchanges; k++) {
            double distance = slices.distance(exchanged(restored, clean, rng));
            squares += distance * distance / exchanges;
        }
        return exchanges == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares));
    }

    /** Of each pair one is given to either side at random. */
    private static Halves exchanged(INDArray restored, INDArray clean, RandomGenerator rng) {
        float[] first = restored.dup('c').data().asFloat();
        float[] second = clean.dup('c').data().asFloat();
        int items = (int) restored.size(0);
        int length = first.length / items;
        float[] kept = new float[length];
        for (int i = 0; i < items; i++) {
            if (rng.nextBoolean()) {
                System.arraycopy(first, i * length, kept, 0, length);
                System.arraycopy(second, i * length, first, i * length, length);
                System.arraycopy(kept, 0, second, i * length, length);
            }
        }
        return new Halves(
                Rows.of(Nd4j.createFromArray(first).reshape('c', items, length)),
                Rows.of(Nd4j.createFromArray(second).reshape('c', items, length)));
    }
}
