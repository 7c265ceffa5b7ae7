package dev.palimpsest.runtime.data;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Moves values between Java arrays and an array [n, ...] that is filled in row-major order, a part at a time. */
public final class Values {
    /** How many values are moved at once: small beside the heap, large beside the cost of a call. */
    static final int AT_ONCE = 1 << 20;

    private final INDArray flat;
    private final long[] shape;
    private final float[] waiting;
    private int waits;
    private long moved;

    Values(long... shape) {
        this.shape = shape.clone();
        this.flat = Nd4j.create(DataType.FLOAT, count(shape));
        this.waiting = new float[(int) Math.min(AT_ONCE, flat.length())];
    }

    /** How many values an array of this shape has. */
    static long count(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    void append(float... values) {
        for (int from = 0; from < values.length; ) {
            int part = Math.min(values.length - from, waiting.length - waits);
            System.arraycopy(values, from, waiting, waits, part);
            waits += part;
            from += part;
            if (waits == waiting.length) {
                move();
            }
        }
    }

    /** The array, once it is full. */
    INDArray array() {
        move();
        if (moved != flat.length()) {
            throw new IllegalStateException("the array " + Arrays.toString(shape) + " has " + moved + " of its values");
        }
        return flat.reshape('c', shape);
    }

    private void move() {
        if (waits > 0) {
            flat.get(NDArrayIndex.interval(moved, moved + waits))
                    .assign(Nd4j.createFromArray(waits == waiting.length ? waiting : Arrays.copyOf(waiting, waits)));
            moved += waits;
            waits = 0;
        }
    }

    /** The values of the items from..to-1, in row-major order. */
    public static float[] of(INDArray x, long from, long to) {
        INDArray part = from == 0 && to == x.size(0) ? x : x.get(NDArrayIndex.interval(from, to));
        DataBuffer copy = part.castTo(DataType.FLOAT).dup('c').data();
        float[] values = copy.asFloat();
        Reference.reachabilityFence(copy);
        return values;
    }

    /** Says where the first NaN or infinity is; empty if all values are finite. */
    static Optional<String> notFinite(INDArray x) {
        int size = Math.toIntExact(x.length() / x.size(0));
        int step = Math.max(1, AT_ONCE / size);
        for (long from = 0; from < x.size(0); from += step) {
            float[] values = of(x, from, Math.min(from + step, x.size(0)));
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    return Optional.of("value " + i % size + " of item " + (from + i / size) + " is " + values[i]);
                }
            }
        }
        return Optional.empty();
    }
}
