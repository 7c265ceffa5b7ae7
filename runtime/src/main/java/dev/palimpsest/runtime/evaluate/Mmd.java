package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The squared maximum mean discrepancy E k(X, X') + E k(Y, Y') - 2 E k(X, Y) of restored and clean items: an unbiased estimate, which may be negative (Gretton et
 * al., "A kernel two-sample test", JMLR 13, 2012, equation 3).
 *
 * <pre>
 * gaussian:            k(x, y) = exp(-|x - y|^2 / (2 bandwidth^2))
 * rational-quadratic:  k(x, y) = 1 / (1 + |x - y|^2 / (2 bandwidth^2))
 * </pre>
 *
 * |.| is the Euclidean norm of the features, or without them of the flattened item. The bandwidth is that of the recipe, or the median distance of the first
 * 500 clean items of each half from each other (1 if that is 0), the same for the score and its anchors. The restored first half is compared with the clean
 * second half; identity: y's first half; floor: the clean first half. The p-value is (1 + hits) / (1 + permutations), where a hit is a random division of the
 * two halves' items that gives at least this discrepancy. At most 2000 items of a half are used, and fewer where an item has more than 4194 values. Items
 * fewer than four have no score.
 */
@Doc(
        "unbiased squared maximum mean discrepancy (MMD) between restored and clean items, with a permutation p-value; on their own values or on named features")
public record Mmd(
        @Doc("what the items are compared by, such as fashion-classifier; without it, their own values")
        Optional<FeatureMap> features,

        @Doc("k: gaussian sees differences of the bandwidth's size, rational-quadratic also larger ones")
        Kernel kernel,

        @Doc("the distance at which the kernel falls; 0: the median distance of clean items") @Range(min = 0)
        double bandwidth,

        @Doc("random divisions of the permutation test; 0: no p-value") @Range(min = 0, max = 10000)
        int permutations)
        implements Metric {

    /** Of a squared distance, in units of twice the squared bandwidth. */
    public enum Kernel {
        GAUSSIAN {
            @Override
            double of(double s) {
                return Math.exp(-s);
            }
        },
        RATIONAL_QUADRATIC {
            @Override
            double of(double s) {
                return 1 / (1 + s);
            }
        };

        abstract double of(double s);
    }

    private static final int MOST_FOR_MEDIAN = 500;

    public Mmd {
        Ranges.check(Mmd.class, features, kernel, bandwidth, permutations);
    }

    public Mmd() {
        this(Optional.empty(), Kernel.GAUSSIAN, 0, 199);
    }

    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut.clean().filter(clean -> clean.size(0) >= 4).stream()
                .map(clean -> score(heldOut, clean, rng))
                .toList();
    }

    private Score score(HeldOut heldOut, INDArray clean, RandomGenerator rng) {
        Features phi = new Features(features);
        INDArray known = phi.of(clean);
        Halves floor = Halves.of(known, known).orElseThrow();
        double width = bandwidth > 0 ? bandwidth : median(floor);
        Halves restored = Halves.of(phi.of(heldOut.restored()), known).orElseThrow();
        Discrepancy value = Discrepancy.of(restored, kernel, width, permutations, rng);
        return new Score(
                "mmd" + suffix(),
                Score.Better.LOWER,
                value.squared(),
                OptionalDouble.of(Discrepancy.of(
                                Halves.of(phi.of(heldOut.y()), known).orElseThrow(), kernel, width, 0, rng)
                        .squared()),
                OptionalDouble.of(Discrepancy.of(floor, kernel, width, 0, rng).squared()),
                value.pValue(),
                String.format(
                        Locale.ROOT,
                        "squared, on %s; %s kernel of bandwidth %.4g",
                        phi.about((int) known.size(1)),
                        kernel.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        width));
    }

    private static double median(Halves clean) {
        Halves used = clean.atMost(Distances.most(clean.first().dimension())).atMost(MOST_FOR_MEDIAN);
        double median = Discrepancy.median(
                new Distances(used.first(), used.second()),
                used.first().count() + used.second().count());
        return median > 0 ? median : 1;
    }

    @Override
    public String suffix() {
        return new Features(features).suffix();
    }

    @Override
    public Metric withFeatures(UnaryOperator<FeatureMap> replacement) {
        return new Mmd(features.map(replacement), kernel, bandwidth, permutations);
    }
}
