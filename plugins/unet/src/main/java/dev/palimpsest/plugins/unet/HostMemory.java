package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The memory behind an array, as Java kernels and BLAS see it. Neither buffer nor pointer keeps it alive: the array does. */
record HostMemory(FloatBuffer floats, FloatPointer pointer) {
    static HostMemory of(INDArray array) {
        FloatPointer pointer = new FloatPointer(array.data().pointer());
        pointer.position(0).capacity(array.length());
        return new HostMemory(pointer.asBuffer(), pointer);
    }

    HostMemory part(long offset, long length) {
        return new HostMemory(
                floats.slice(Math.toIntExact(offset), Math.toIntExact(length)), pointer.getPointer(offset));
    }
}
