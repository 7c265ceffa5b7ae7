package dev.palimpsest.runtime.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which conditioning fits which observations. */
final class Conditioning {
    private Conditioning() {}

    /** @throws DataException if the conditioning is neither a vector for each item nor maps of each image's size */
    static void check(String where, INDArray y, INDArray conditioning) {
        boolean vectors = conditioning.rank() == 2;
        boolean maps = conditioning.rank() == 4
                && y.rank() == 4
                && conditioning.size(2) == y.size(2)
                && conditioning.size(3) == y.size(3);
        if ((!vectors && !maps) || conditioning.size(0) != y.size(0)) {
            throw new DataException(where + ": expected, for observations " + Arrays.toString(y.shape()) + ", vectors ["
                    + y.size(0) + ", d]"
                    + (y.rank() == 4 ? " or maps [" + y.size(0) + ", c, " + y.size(2) + ", " + y.size(3) + "]" : "")
                    + ", got " + Arrays.toString(conditioning.shape()));
        }
    }
}
