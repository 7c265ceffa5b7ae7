package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One stretch of float32 memory: an array, and for fused kernels what is behind it. */
record Storage(INDArray array, Optional<HostMemory> host) {
    /** Memory for fused kernels, on a CPU. */
    static Storage allocate(long length) {
        INDArray array = Nd4j.create(DataType.FLOAT, length);
        return new Storage(array, Optional.of(HostMemory.of(array)));
    }

    /** Memory for ND4J's operations only, on any backend. */
    static Storage onDevice(long length) {
        return new Storage(Nd4j.create(DataType.FLOAT, length), Optional.empty());
    }

    FloatBuffer floats() {
        return host.orElseThrow().floats();
    }

    FloatPointer pointer() {
        return host.orElseThrow().pointer();
    }

    /** A contiguous part of this flat storage, sharing its memory. */
    Storage part(long offset, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        long end = offset + length;
        return new Storage(
                array.get(NDArrayIndex.interval(offset, end)).reshape('c', shape),
                host.map(memory -> memory.part(offset, end - offset)));
    }

    Storage reshape(long... shape) {
        return new Storage(array.reshape('c', shape), host);
    }
}
