package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The bits of observations and of their conditioning. */
record Numbers(List<Float> y, List<Float> conditioning) {
    static Numbers of(Observations observations) {
        return new Numbers(
                list(observations.y()),
                observations.conditioning().map(Numbers::list).orElse(List.of()));
    }

    static Numbers of(Observations observations, int item) {
        return new Numbers(
                list(Values.item(observations.y(), item)),
                observations
                        .conditioning()
                        .map(known -> list(Values.item(known, item)))
                        .orElse(List.of()));
    }

    /** The bits of one array. */
    static List<Float> list(INDArray array) {
        return list(Values.of(array));
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
