package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.HeldOut;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The items that pictures show; row i is the same item in all.
 *
 * @param y the observations [n, ...]
 * @param restored Phi(y)
 * @param mean the posterior means, where they follow from the drift
 * @param recorrupted F(Phi(y))
 * @param clean the clean items, where they are known
 * @param deviation the standard deviation over several restorations of each item, where they were drawn
 */
public record PicturedItems(
        INDArray y,
        INDArray restored,
        Optional<INDArray> mean,
        INDArray recorrupted,
        Optional<INDArray> clean,
        Optional<INDArray> deviation) {

    /** Held-out items, each restored once. */
    public static PicturedItems of(HeldOut heldOut) {
        return new PicturedItems(
                heldOut.y(),
                heldOut.restored(),
                heldOut.mean(),
                heldOut.recorrupted(),
                heldOut.clean(),
                Optional.empty());
    }
}
