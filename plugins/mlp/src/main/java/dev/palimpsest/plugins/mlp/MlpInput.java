package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftSignature;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rows that the perceptron sees: x, the conditioning, then t, sin(w t), cos(w t) for w = 1, 2, 4, 8, 16. */
final class MlpInput {
    private static final double[] FREQUENCIES = {1, 2, 4, 8, 16};
    private static final int TIME_FEATURES = 1 + 2 * FREQUENCIES.length;

    private final long[] itemShape;
    private final long itemSize;
    private final long conditioningSize;

    MlpInput(DriftSignature signature) {
        itemShape = signature.itemShape();
        itemSize = Arrays.stream(itemShape).reduce(1, Math::multiplyExact);
        int maps = signature.conditioningMaps();
        if (maps > 0 && (itemShape.length != 3 || signature.conditioningSize() > 0)) {
            throw new IllegalArgumentException(
                    "mlp takes conditioning vectors, or maps for items [channels, height, width], got " + signature);
        }
        conditioningSize = maps > 0 ? maps * itemShape[1] * itemShape[2] : signature.conditioningSize();
    }

    long size() {
        return itemSize + conditioningSize + TIME_FEATURES;
    }

    long itemSize() {
        return itemSize;
    }

    /** A new array [N, size()]; throws IllegalArgumentException if x or the conditioning is not what the signature said. */
    INDArray rows(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        long items = x.size(0);
        requireRows(t, items, 1, "t");
        INDArray flat = flatten(x, items, itemSize, "x");
        if (conditioningSize == 0) {
            return withTime(t, flat);
        }
        INDArray known = conditioning.orElseThrow(() -> new IllegalArgumentException(
                "this mlp was built for " + conditioningSize + " values of conditioning an item, got no conditioning"));
        return withTime(t, flat, flatten(known, items, conditioningSize, "conditioning"));
    }

    private static INDArray withTime(INDArray t, INDArray... columns) {
        INDArray features = timeFeatures(t);
        INDArray[] all = Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] = features;
        try {
            return Nd4j.concat(1, all);
        } finally {
            features.close();
        }
    }

    /** A copy of a batch of items of the signature as a matrix [N, item size]. */
    INDArray flatten(INDArray items) {
        return flatten(items, items.size(0), itemSize, "target").dup('c');
    }

    /** The inverse of {@link #flatten}. */
    INDArray unflatten(INDArray rows) {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = rows.size(0);
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        return rows.reshape('c', shape);
    }

    private static INDArray flatten(INDArray array, long items, long size, String what) {
        requireRows(array, items, size, what);
        return array.castTo(DataType.FLOAT).reshape('c', items, size);
    }

    private static void requireRows(INDArray array, long items, long size, String what) {
        if (array.size(0) != items || array.length() != items * size) {
            throw new IllegalArgumentException("mlp: " + what + " must hold " + items + " items of " + size
                    + " values, got shape " + Arrays.toString(array.shape()));
        }
    }

    private static INDArray timeFeatures(INDArray t) {
        float[] times = t.dup('c').data().asFloat();
        float[] features = new float[times.length * TIME_FEATURES];
        int next = 0;
        for (float time : times) {
            features[next++] = time;
            for (double frequency : FREQUENCIES) {
                features[next++] = (float) Math.sin(frequency * time);
                features[next++] = (float) Math.cos(frequency * time);
            }
        }
        return Nd4j.create(features, new long[] {times.length, TIME_FEATURES}, 'c');
    }
}
