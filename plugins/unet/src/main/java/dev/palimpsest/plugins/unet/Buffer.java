package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An array that is allocated once, in row-major order, and the two ways past ND4J to its memory; it keeps the array alive. */
record Buffer(INDArray array, FloatBuffer floats, FloatPointer pointer) {
    static Buffer of(long... shape) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
        array.assign(0);
        return new Buffer(array, array.data().asNioFloat(), (FloatPointer) array.data().pointer());
    }

    int length() {
        return Math.toIntExact(array.length());
    }

    /** The memory from an element on. */
    FloatPointer from(long element) {
        return new FloatPointer(pointer).position(element);
    }

    void get(int from, float[] to, int count) {
        floats.get(from, to, 0, count);
    }

    void put(int at, float[] values, int count) {
        floats.put(at, values, 0, count);
    }
}
