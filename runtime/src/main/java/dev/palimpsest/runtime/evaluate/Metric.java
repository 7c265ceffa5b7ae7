package dev.palimpsest.runtime.evaluate;

import java.util.List;
import java.util.random.RandomGenerator;

/** A way to score restorations. A metric is a record whose components are the recipe keys. */
public interface Metric {
    /** Whether it compares with clean items, and so cannot be computed where only observations exist. */
    boolean needsClean();

    /** The scores of the held-out items, each beside its anchors. */
    List<Score> scores(HeldOut heldOut, RandomGenerator rng);
}
