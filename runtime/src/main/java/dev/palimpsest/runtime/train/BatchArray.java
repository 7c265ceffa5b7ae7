package dev.palimpsest.runtime.train;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An array that every step writes anew, in the same memory, so that steps allocate nothing: what it holds lasts until the next step. */
final class BatchArray {
    private float[] values = {};
    private INDArray array = Nd4j.empty(DataType.FLOAT);

    /** Where the numbers of an array of this shape are to be written; what they are before is not said. */
    float[] values(long... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            array = Nd4j.createUninitialized(DataType.FLOAT, shape.clone(), 'c');
            values = new float[Math.toIntExact(array.length())];
        }
        return values;
    }

    /** The array, with what was written. */
    INDArray written() {
        HostMemory.write(values, array);
        return array;
    }

    /** The items [n, ...] so many times, one batch after another: [copies n, ...]; once, they are returned as they are. */
    INDArray repeated(INDArray items, int copies) {
        if (copies == 1) {
            return items;
        }
        long[] shape = items.shape().clone();
        shape[0] *= copies;
        float[] all = values(shape);
        int length = Math.toIntExact(items.length());
        HostMemory.of(items).get(0, all, 0, length);
        Reference.reachabilityFence(items);
        for (int copy = 1; copy < copies; copy++) {
            System.arraycopy(all, 0, all, copy * length, length);
        }
        return written();
    }

    /** Row by row the one that is wanted: of {@code ifTrue} or of {@code ifFalse}, both [n, ...]. */
    INDArray chosen(boolean[] wanted, INDArray ifTrue, INDArray ifFalse) {
        float[] rows = values(ifTrue.shape());
        int size = rows.length / wanted.length;
        FloatBuffer one = HostMemory.of(ifTrue);
        FloatBuffer other = HostMemory.of(ifFalse);
        for (int i = 0; i < wanted.length; i++) {
            (wanted[i] ? one : other).get(i * size, rows, i * size, size);
        }
        Reference.reachabilityFence(ifTrue);
        Reference.reachabilityFence(ifFalse);
        return written();
    }
}
