package dev.palimpsest.plugins.unet;

import dev.palimpsest.plugins.unet.Linear.Start;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** ND4J's operations alone: for every backend. How it sums is the backend's affair, and may depend on the number of threads. */
final class PlainEngine implements Engine {
    @Override
    public Storage allocate(long length) {
        return Storage.onDevice(length);
    }

    @Override
    public void begin() {
        // ND4J's operations need no preparation
    }

    @Override
    public Layer convolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        return new Scoped(new PlainConvolution(in, out, startsAtZero, parameters));
    }

    @Override
    public Layer linear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters) {
        return new Scoped(new PlainLinear(in, out, start, adds, parameters));
    }

    @Override
    public Layer groupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters) {
        return new Scoped(new PlainGroupNorm(in, out, scaleShift, silu, parameters));
    }

    @Override
    public Layer attention(Tensor queriesKeysValues, Tensor out) {
        return new Scoped(new PlainAttention(queriesKeysValues, out, Attention.heads(out.channels)));
    }

    @Override
    public Layer silu(Tensor in, Tensor out) {
        return new Scoped(new PlainSilu(in, out));
    }

    @Override
    public Layer add(Tensor in, Tensor out) {
        return new Scoped(new PlainAdd(in, out));
    }

    @Override
    public Layer concatenation(Tensor first, Tensor second, Tensor out) {
        return new Scoped(new PlainConcatenation(first, second, out));
    }

    @Override
    public Layer resample(Tensor in, Tensor out) {
        return new Scoped(new PlainResample(in, out));
    }

    @Override
    public void write(float[] values, Tensor to) {
        write(Nd4j.createFromArray(values), to);
    }

    @Override
    public void write(INDArray vectors, Tensor to) {
        INDArray array = to.value().array();
        array.assign(vectors.reshape('c', array.shape()));
    }

    @Override
    public void pack(INDArray images, Tensor to, int first) {
        long last = first + images.size(1);
        INDArrayIndex channels = NDArrayIndex.interval(first, last);
        to.value()
                .array()
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), channels)
                .assign(0);
        corner(to.value().array(), images.size(2), images.size(3), channels).assign(images.permute(0, 2, 3, 1));
    }

    @Override
    public INDArray unpack(Tensor from, int height, int width) {
        return corner(from.value().array(), height, width, NDArrayIndex.all())
                .permute(0, 3, 1, 2)
                .dup('c');
    }

    @Override
    public double squaredError(Tensor output, INDArray target) {
        INDArray error = unpack(output, Math.toIntExact(target.size(2)), Math.toIntExact(target.size(3)))
                .sub(target);
        double sum = 0;
        for (float e : error.data().asFloat()) {
            sum += (double) e * e;
        }
        INDArray gradient = output.gradient().array();
        gradient.assign(0);
        corner(gradient, target.size(2), target.size(3), NDArrayIndex.all())
                .assign(error.mul(2f / target.length()).permute(0, 2, 3, 1));
        return sum / target.length();
    }

    private static INDArray corner(INDArray images, long height, long width, INDArrayIndex channels) {
        return images.get(
                NDArrayIndex.all(), NDArrayIndex.interval(0, height), NDArrayIndex.interval(0, width), channels);
    }
}
