package dev.palimpsest.runtime.evaluate;

import java.util.OptionalDouble;

/**
 * A score beside its anchors.
 *
 * @param name the name in summary.json
 * @param better which way it points
 * @param value the score of the restored items
 * @param mean the score of the posterior means, taken as restorations, where there are any
 * @param identity the score of the observations themselves, taken as restorations
 * @param floor what clean data score against clean data (or observations against observations): no restoration can be told to be better
 * @param pValue the probability of a distance at least this large if the two samples came from one law, by permutation
 * @param about what it was taken on, such as which features and how many items; empty where its name says all
 */
public record Score(
        String name,
        Better better,
        double value,
        OptionalDouble mean,
        OptionalDouble identity,
        OptionalDouble floor,
        OptionalDouble pValue,
        String about) {

    /** A score without one of the means. */
    public Score(
            String name,
            Better better,
            double value,
            OptionalDouble identity,
            OptionalDouble floor,
            OptionalDouble pValue,
            String about) {
        this(name, better, value, OptionalDouble.empty(), identity, floor, pValue, about);
    }

    /** A score whose name says all. */
    public Score(
            String name,
            Better better,
            double value,
            OptionalDouble identity,
            OptionalDouble floor,
            OptionalDouble pValue) {
        this(name, better, value, identity, floor, pValue, "");
    }

    /** Which of two values of a score is the better one. */
    public enum Better {
        LOWER,
        HIGHER,
        /** Neither as such: it is to be what it is for clean items. */
        EQUAL
    }
}
