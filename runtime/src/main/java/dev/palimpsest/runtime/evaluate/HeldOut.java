package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The held-out items and what became of them; row i is the same item in all.
 *
 * @param y the observations [n, ...]
 * @param conditioning what is known of their corruption
 * @param restored x = Phi(y)
 * @param recorrupted F(Phi(y)), a fresh draw of F
 * @param recorruptedIdentity F(y), what re-corruption gives where nothing is restored
 * @param clean the clean items, where they are known
 * @param mean the posterior means, where they follow from the drift
 * @param recorruptedMean F(mean), a fresh draw of F
 */
public record HeldOut(
        INDArray y,
        Optional<INDArray> conditioning,
        INDArray restored,
        INDArray recorrupted,
        INDArray recorruptedIdentity,
        Optional<INDArray> clean,
        Optional<INDArray> mean,
        Optional<INDArray> recorruptedMean) {

    /** @throws IllegalArgumentException if an array has not the shape of y, naming it and both shapes; or if there are means without F(mean) */
    public HeldOut {
        same("restored", restored, y);
        same("recorrupted", recorrupted, y);
        same("recorruptedIdentity", recorruptedIdentity, y);
        clean.ifPresent(items -> same("clean", items, y));
        mean.ifPresent(items -> same("mean", items, y));
        recorruptedMean.ifPresent(items -> same("recorruptedMean", items, y));
        if (mean.isPresent() != recorruptedMean.isPresent()) {
            throw new IllegalArgumentException("expected mean and recorruptedMean, or neither, got one of them");
        }
    }

    /** Held-out items without means. */
    public HeldOut(
            INDArray y,
            Optional<INDArray> conditioning,
            INDArray restored,
            INDArray recorrupted,
            INDArray recorruptedIdentity,
            Optional<INDArray> clean) {
        this(y, conditioning, restored, recorrupted, recorruptedIdentity, clean, Optional.empty(), Optional.empty());
    }

    /** The same items with the means in the place of Phi(y), where there are means. */
    Optional<HeldOut> ofMean() {
        return mean.map(means ->
                new HeldOut(y, conditioning, means, recorruptedMean.orElseThrow(), recorruptedIdentity, clean));
    }

    /** The items of all of these, which all have the same arrays. */
    public static HeldOut joined(List<HeldOut> parts) {
        HeldOut first = parts.get(0);
        Function<Function<HeldOut, INDArray>, INDArray> all =
                array -> Nd4j.concat(0, parts.stream().map(array).toArray(INDArray[]::new));
        Function<Function<HeldOut, Optional<INDArray>>, Optional<INDArray>> known = array ->
                array.apply(first).map(x -> all.apply(part -> array.apply(part).orElseThrow()));
        return new HeldOut(
                all.apply(HeldOut::y),
                known.apply(HeldOut::conditioning),
                all.apply(HeldOut::restored),
                all.apply(HeldOut::recorrupted),
                all.apply(HeldOut::recorruptedIdentity),
                known.apply(HeldOut::clean),
                known.apply(HeldOut::mean),
                known.apply(HeldOut::recorruptedMean));
    }

    private static void same(String name, INDArray items, INDArray y) {
        if (!Arrays.equals(items.shape(), y.shape())) {
            throw new IllegalArgumentException(name + " must have the shape " + Arrays.toString(y.shape())
                    + " of y, got " + Arrays.toString(items.shape()));
        }
    }
}
