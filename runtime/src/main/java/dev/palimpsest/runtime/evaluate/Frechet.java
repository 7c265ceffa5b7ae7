package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Fréchet distance of restored and clean items on named features (Dowson and Landau, "The Fréchet distance between multivariate normal distributions", J.
 * Multivariate Anal. 12, 1982; on the features of Inception it is the FID of Heusel et al., NeurIPS 2017).
 *
 * <pre>
 * |m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)
 * </pre>
 *
 * with the means m and the unbiased covariances S of the features: W2^2 of the normal laws that have them. It is 0 for any two laws with the same two
 * moments. The restored first half is compared with the clean second half; identity: y's first half; floor: the clean first half.
 *
 * <p>It is biased upward by about a constant / n, so distances are comparable only for one number of items, and that of the floor is what no restoration
 * can be told to be better than. Where a half has not more items than there are features, a covariance is singular: there is a warning and no score.
 */
@Doc(
        "Fréchet distance between restored and clean items on named features, or on their own values; biased upward by few items, as its floor is")
public record Frechet(
        @Doc("what the items are compared by, such as fashion-classifier; without it, their own values")
        Optional<FeatureMap> features)
        implements Metric {
    private static final String NAME = "frechet";

    public Frechet() {
        this(Optional.empty());
    }

    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut
                .clean()
                .filter(clean -> enough(clean, phi().dimension(clean)))
                .map(clean -> Blocks.alone(() -> score(heldOut, clean)))
                .stream()
                .toList();
    }

    private Score score(HeldOut heldOut, INDArray clean) {
        int half = (int) clean.size(0) / 2;
        int items = (int) clean.size(0);
        Rows known = Rows.of(phi().of(clean));
        NormalLaw reference = NormalLaw.of(known.between(half, items));
        INDArray root = reference.root();
        return new Score(
                NAME + suffix(),
                Score.Better.LOWER,
                reference.distance(root, firstHalf(heldOut.restored())),
                OptionalDouble.of(reference.distance(root, firstHalf(heldOut.y()))),
                OptionalDouble.of(reference.distance(root, NormalLaw.of(known.between(0, half)))),
                OptionalDouble.empty(),
                "on " + phi().about(known.dimension()) + "; " + half + " items against " + (items - half));
    }

    private NormalLaw firstHalf(INDArray items) {
        Rows rows = Rows.of(phi().of(items));
        return NormalLaw.of(rows.between(0, rows.count() / 2));
    }

    @Override
    public List<String> warnings(HeldOut heldOut) {
        return heldOut.clean().stream()
                .filter(clean -> !enough(clean, phi().dimension(clean)))
                .map(clean -> {
                    int dimension = phi().dimension(clean);
                    return NAME + suffix() + " is left out: halves of " + clean.size(0) / 2
                            + " held-out items give no covariance of "
                            + dimension + (features.isPresent() ? " features" : " values") + "; hold out at least "
                            + 2 * (dimension + 1) + " items, or compare by fewer features";
                })
                .toList();
    }

    private static boolean enough(INDArray clean, int dimension) {
        return clean.size(0) / 2 > dimension;
    }

    private Features phi() {
        return new Features(features);
    }

    @Override
    public String suffix() {
        return phi().suffix();
    }

    @Override
    public Metric withFeatures(UnaryOperator<FeatureMap> replacement) {
        return new Frechet(features.map(replacement));
    }
}
