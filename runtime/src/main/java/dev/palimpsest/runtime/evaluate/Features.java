package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.FeatureMap;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What items are compared by: the features of a map, or without one their own values. */
record Features(Optional<FeatureMap> map) {
    private static final int DIGITS = 12;

    /** [N, d]. */
    INDArray of(INDArray x) {
        return map.map(phi -> phi.of(x)).orElseGet(() -> x.reshape('c', x.size(0), x.length() / x.size(0)));
    }

    /** How many numbers a distance compares an item by. */
    int dimension(INDArray x) {
        return (int) of(x.get(NDArrayIndex.interval(0, 1))).size(1);
    }

    /** What tells scores on them from those on others: nothing for the items' own values, else a hyphen and the map's name, in which hyphens stand for spaces. */
    String suffix() {
        return map.map(phi -> "-" + phi.name().strip().replaceAll("\\s+", "-")).orElse("");
    }

    /** Their name and the first digits of their checksum, and how many there are. */
    String about(int dimension) {
        return map.map(phi -> phi.name() + " (SHA-256 " + phi.checksum().substring(0, DIGITS) + "), " + dimension
                        + " features")
                .orElse("the items' own " + dimension + " values");
    }
}
