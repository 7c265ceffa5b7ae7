package dev.palimpsest.runtime.train;

import dev.palimpsest.api.FusedKernels;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays whose numbers Java can read where they lie. */
final class HostMemory {
    private HostMemory() {}

    static boolean isThere() {
        return FusedKernels.allowed();
    }

    /** Whether these are float32 numbers one after another in 'c' order, from the start of a buffer in the host's memory. */
    static boolean holds(INDArray array) {
        return isThere()
                && array.dataType() == DataType.FLOAT
                && array.ordering() == 'c'
                && array.elementWiseStride() == 1
                && array.offset() == 0;
    }

    /**
     * The numbers of an array in 'c' order: where they lie, if that can be, so that writing to them changes the array; they do not keep it alive. Else a
     * copy.
     */
    static FloatBuffer of(INDArray array) {
        return holds(array)
                ? array.data().asNioFloat()
                : FloatBuffer.wrap(array.castTo(DataType.FLOAT).dup('c').data().asFloat());
    }

    /** Overwrites all numbers of an array that is no view and in 'c' order. */
    static void write(float[] values, INDArray array) {
        if (holds(array)) {
            of(array).put(0, values);
        } else {
            array.assign(Nd4j.createFromArray(values).reshape('c', array.shape()));
        }
    }
}
