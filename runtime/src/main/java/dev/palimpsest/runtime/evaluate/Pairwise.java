package dev.palimpsest.runtime.evaluate;

import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A metric that compares each restored item with its clean one; higher is better. Identity: y. It has no floor, since it compares item by item. */
public sealed interface Pairwise extends Metric permits Psnr, PooledPsnr, Ssim {
    /** Of its score. */
    String name();

    /** How like restored items [n, ...] are to the clean ones that they come from. */
    double value(INDArray restored, INDArray clean);

    /** Whether items of this shape have a score. */
    default boolean fits(INDArray clean) {
        return true;
    }

    @Override
    default boolean needsClean() {
        return true;
    }

    @Override
    default List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut
                .clean()
                .filter(this::fits)
                .map(clean -> new Score(
                        name(),
                        Score.Better.HIGHER,
                        value(heldOut.restored(), clean),
                        OptionalDouble.of(value(heldOut.y(), clean)),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()))
                .stream()
                .toList();
    }
}
