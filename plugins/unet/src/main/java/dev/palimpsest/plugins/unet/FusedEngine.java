package dev.palimpsest.plugins.unet;

import dev.palimpsest.plugins.unet.Linear.Start;
import java.lang.ref.Reference;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernels of our own in host memory: for CPUs. */
final class FusedEngine implements Engine {
    @Override
    public Storage allocate(long length) {
        return Storage.allocate(length);
    }

    @Override
    public void begin() {
        Blas.inOneThread();
    }

    @Override
    public Layer convolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        return TiledConvolution.pays(in)
                ? new TiledConvolution(in, out, startsAtZero, parameters)
                : new Convolution(in, out, startsAtZero, parameters);
    }

    @Override
    public Layer linear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters) {
        return new Linear(in, out, start, adds, parameters);
    }

    @Override
    public Layer groupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters) {
        return new GroupNorm(in, out, scaleShift, silu, parameters);
    }

    @Override
    public Layer attention(Tensor queriesKeysValues, Tensor out) {
        int heads = Attention.heads(out.channels);
        return new Attention(queriesKeysValues, Attention.weights(out, heads), out, heads);
    }

    @Override
    public Layer silu(Tensor in, Tensor out) {
        return new Silu(in, out);
    }

    @Override
    public Layer add(Tensor in, Tensor out) {
        return new Add(in, out);
    }

    @Override
    public Layer concatenation(Tensor first, Tensor second, Tensor out) {
        return new Concatenation(first, second, out);
    }

    @Override
    public Layer resample(Tensor in, Tensor out) {
        return new Resample(in, out);
    }

    @Override
    public void write(float[] values, Tensor to) {
        to.value().floats().put(0, values);
    }

    @Override
    public void write(INDArray vectors, Tensor to) {
        to.value().floats().put(0, Images.values(vectors), 0, Math.toIntExact(vectors.length()));
        Reference.reachabilityFence(vectors);
    }

    @Override
    public void pack(INDArray images, Tensor to, int first) {
        int channels = Math.toIntExact(images.size(1));
        int height = Math.toIntExact(images.size(2));
        int width = Math.toIntExact(images.size(3));
        Images.pack(Images.values(images), height, width, channels, to, first);
        Reference.reachabilityFence(images);
    }

    @Override
    public INDArray unpack(Tensor from, int height, int width) {
        return Images.unpack(from, height, width);
    }

    @Override
    public double squaredError(Tensor output, INDArray target) {
        int height = Math.toIntExact(target.size(2));
        int width = Math.toIntExact(target.size(3));
        double loss = Images.squaredError(output, Images.values(target), height, width);
        Reference.reachabilityFence(target);
        return loss;
    }
}
