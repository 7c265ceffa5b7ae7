package dev.palimpsest.runtime.train;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays whose numbers Java can read where they lie. */
final class HostMemory {
    private HostMemory() {}

    static boolean isThere() {
        return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
    }

    /** Whether these are float32 numbers one after another from the start of a buffer in the host's memory. */
    static boolean holds(INDArray array) {
        return isThere() && array.dataType() == DataType.FLOAT && !array.isView() && array.ordering() == 'c';
    }

    /** The array itself if its numbers can be read where they lie, else a copy of it for which that holds. */
    static INDArray readable(INDArray array) {
        return holds(array) ? array : array.castTo(DataType.FLOAT).dup('c');
    }

    /** The numbers of such an array. They do not keep it alive. */
    static FloatBuffer of(INDArray array) {
        return array.data().asNioFloat();
    }
}
