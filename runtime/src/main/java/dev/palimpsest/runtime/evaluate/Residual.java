package dev.palimpsest.runtime.evaluate;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far corrupted restorations are from held-out observations: what checkpoints are chosen by.
 *
 * @param energy the energy distance of {@link ObservationEnergy} between F(Phi(y)) and y
 * @param noise what is below it cannot be told from no difference
 * @param pValue the probability of an energy at least as large, if nothing were left to learn, by permutation
 * @param truth the sliced Wasserstein-2 distance (64 directions) of the restored items to the clean ones that they come from, where those are known; it
 *     is only shown, and chooses nothing
 * @param psnr of restored images against the clean ones, where those are known; it is only shown, and chooses nothing
 */
public record Residual(double energy, double noise, double pValue, OptionalDouble truth, OptionalDouble psnr) {
    private static final int IMAGE_RANK = 4;
    private static final int PERMUTATIONS = 199;
    private static final Slices DIRECTIONS = new Slices(64, 0);

    /** The residual of held-out items; empty for fewer than four. */
    public static Optional<Residual> of(HeldOut heldOut, RandomGenerator rng) {
        return of(heldOut.y(), heldOut.restored(), heldOut.recorrupted(), heldOut.clean(), rng);
    }

    /** The same of y [n, ...], x = Phi(y), F(x), and the clean items where they are known. */
    public static Optional<Residual> of(
            INDArray y, INDArray x, INDArray recorrupted, Optional<INDArray> clean, RandomGenerator rng) {
        OptionalDouble truth = clean.stream()
                .mapToDouble(known -> DIRECTIONS.distance(new Halves(Rows.of(x), Rows.of(known))))
                .findFirst();
        OptionalDouble psnr = clean.stream()
                .filter(known -> known.rank() == IMAGE_RANK)
                .mapToDouble(known -> Psnr.decibels(x, known))
                .findFirst();
        return PairedEnergy.of(recorrupted, y, PERMUTATIONS, rng)
                .map(paired -> new Residual(
                        paired.energy(),
                        paired.noise().orElseThrow(),
                        paired.pValue().orElseThrow(),
                        truth,
                        psnr));
    }
}
