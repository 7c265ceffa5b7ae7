package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One stretch of float32 memory, as ND4J, Java kernels and BLAS see it. Neither buffer nor pointer keeps the memory alive: the array does.
 */
record Storage(INDArray array, FloatBuffer floats, FloatPointer pointer) {
    static Storage allocate(long length) {
        INDArray array = Nd4j.create(DataType.FLOAT, length);
        FloatPointer pointer = new FloatPointer(array.data().pointer());
        pointer.position(0).capacity(length);
        return new Storage(array, pointer.asBuffer(), pointer);
    }

    /** A contiguous part of this flat storage, sharing its memory. */
    Storage part(long offset, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return new Storage(
                array.get(NDArrayIndex.interval(offset, offset + length)).reshape('c', shape),
                floats.slice(Math.toIntExact(offset), Math.toIntExact(length)),
                pointer.getPointer(offset));
    }

    Storage reshape(long... shape) {
        return new Storage(array.reshape('c', shape), floats, pointer);
    }
}
