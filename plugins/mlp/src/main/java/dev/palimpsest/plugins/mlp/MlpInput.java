package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftSignature;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
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

    /**
     * A batch of the signature, as it is given.
     *
     * @param t [N]
     * @param x [N, ...]
     * @param conditioning maps or vectors; empty where the signature has none
     */
    record Batch(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        int items() {
            return Math.toIntExact(x.size(0));
        }
    }

    /** Throws IllegalArgumentException if x or the conditioning is not what the signature said. */
    Batch batch(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        long items = x.size(0);
        requireRows(t, items, 1, "t");
        requireRows(x, items, itemSize, "x");
        if (conditioningSize == 0) {
            return new Batch(t, x, Optional.empty());
        }
        INDArray known = conditioning.orElseThrow(() -> new IllegalArgumentException(
                "this mlp was built for " + conditioningSize + " values of conditioning an item, got no conditioning"));
        requireRows(known, items, conditioningSize, "conditioning");
        return new Batch(t, x, Optional.of(known));
    }

    /** A new array [N, size()]. */
    INDArray rows(Batch batch) {
        INDArray x = flatten(batch.x(), itemSize);
        return batch.conditioning()
                .map(known -> withTime(batch.t(), x, flatten(known, conditioningSize)))
                .orElseGet(() -> withTime(batch.t(), x));
    }

    /** The same, row by row, from where the numbers of a batch lie. */
    final class Rows {
        private final Batch batch;
        private final FloatBuffer times;
        private final FloatBuffer items;
        private final Optional<FloatBuffer> known;

        Rows(Batch batch) {
            this.batch = batch;
            times = Floats.values(batch.t());
            items = Floats.values(batch.x());
            known = batch.conditioning().map(Floats::values);
        }

        /** Writes the row of an item to the first size() places. */
        void read(int item, float[] row) {
            int ofItem = (int) itemSize;
            int ofKnown = (int) conditioningSize;
            items.get(item * ofItem, row, 0, ofItem);
            if (known.isPresent()) {
                known.orElseThrow().get(item * ofKnown, row, ofItem, ofKnown);
            }
            writeTimeFeatures(times.get(item), row, ofItem + ofKnown);
            Reference.reachabilityFence(batch);
        }
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

    /** A copy of the items of a batch as a matrix [N, item size]. */
    INDArray flatten(INDArray items) {
        return flatten(items, itemSize).dup('c');
    }

    /** A new array for a batch of items, holding anything. */
    INDArray items(long count) {
        return Nd4j.createUninitialized(DataType.FLOAT, shape(count), 'c');
    }

    /** The inverse of {@link #flatten}. */
    INDArray unflatten(INDArray rows) {
        return rows.reshape('c', shape(rows.size(0)));
    }

    private long[] shape(long count) {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = count;
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        return shape;
    }

    private static INDArray flatten(INDArray array, long size) {
        return array.castTo(DataType.FLOAT).reshape('c', array.size(0), size);
    }

    /** Throws IllegalArgumentException if the target is not one for this batch. */
    void requireTarget(Batch batch, INDArray target) {
        requireRows(target, batch.items(), itemSize, "target");
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
        for (int i = 0; i < times.length; i++) {
            writeTimeFeatures(times[i], features, i * TIME_FEATURES);
        }
        return Nd4j.create(features, new long[] {times.length, TIME_FEATURES}, 'c');
    }

    private static void writeTimeFeatures(float time, float[] to, int at) {
        int next = at;
        to[next++] = time;
        for (double frequency : FREQUENCIES) {
            to[next++] = (float) Math.sin(frequency * time);
            to[next++] = (float) Math.cos(frequency * time);
        }
    }
}
