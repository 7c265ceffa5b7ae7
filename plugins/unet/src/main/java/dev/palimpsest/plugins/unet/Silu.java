package dev.palimpsest.plugins.unet;

import java.util.List;

/** out = in sigmoid(in), on vectors. */
final class Silu implements Layer {
    private final Tensor in;
    private final Tensor out;

    /** The input must have no other reader. */
    Silu(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        Kernels.parallel(in.items, item -> {
            int length = in.itemLength();
            float[][] scratch = Scratch.arrays(2, length);
            in.value().floats().get(item * length, scratch[0], 0, length);
            Kernels.sigmoid(scratch[0], scratch[1], length);
            Kernels.multiply(scratch[0], scratch[1], scratch[0], length);
            out.value().floats().put(item * length, scratch[0], 0, length);
        });
    }

    @Override
    public void backward() {
        in.startGradient();
        Kernels.parallel(in.items, item -> {
            int length = in.itemLength();
            float[][] scratch = Scratch.arrays(3, length);
            in.value().floats().get(item * length, scratch[0], 0, length);
            out.gradient().floats().get(item * length, scratch[2], 0, length);
            Kernels.sigmoid(scratch[0], scratch[1], length);
            Kernels.siluGradient(scratch[0], scratch[1], scratch[2], length);
            in.gradient().floats().put(item * length, scratch[2], 0, length);
        });
    }
}
