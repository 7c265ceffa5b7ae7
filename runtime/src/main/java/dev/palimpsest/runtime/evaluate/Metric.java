package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.FeatureMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A way to score restorations. A metric is a record whose components are the recipe keys. */
public interface Metric {
    /** Whether it compares with clean items, and so cannot be computed where only observations exist. */
    boolean needsClean();

    /** The scores of the held-out items, each beside its anchors. */
    List<Score> scores(HeldOut heldOut, RandomGenerator rng);

    /** Why scores of these items are left out that users may expect, and what to do: one sentence each. */
    default List<String> warnings(HeldOut heldOut) {
        return List.of();
    }

    /** What follows its kind in the names of its scores; those of two metrics of one kind that agree in it could not be told apart. */
    default String suffix() {
        return "";
    }

    /** This metric with another feature map in place of each that it has, such as one whose results are checked. */
    default Metric withFeatures(UnaryOperator<FeatureMap> replacement) {
        return this;
    }
}
