package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Values;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays as Java has them. */
final class Numbers {
    private Numbers() {}

    /** The values in row-major order. */
    static float[] of(INDArray x) {
        return Values.of(x, 0, x.size(0));
    }

    /** @throws DataException with this message of the first place of a NaN or an infinity */
    static void requireFinite(float[] values, IntFunction<String> message) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataException(message.apply(i));
            }
        }
    }
}
