package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.List;

/** The bits of observations and of their conditioning. */
record Numbers(List<Float> y, List<Float> conditioning) {
    static Numbers of(Observations observations) {
        return new Numbers(
                list(Values.of(observations.y())),
                observations.conditioning().map(known -> list(Values.of(known))).orElse(List.of()));
    }

    static Numbers of(Observations observations, int item) {
        return new Numbers(
                list(Values.item(observations.y(), item)),
                observations
                        .conditioning()
                        .map(known -> list(Values.item(known, item)))
                        .orElse(List.of()));
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
