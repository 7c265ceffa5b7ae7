package dev.palimpsest.plugins.unet;

import java.util.List;

/** out += in: the residual connection, onto what another layer has already written to out. */
final class Add implements Layer {
    private final Tensor in;
    private final Tensor out;

    Add(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        Kernels.parallel(in.items, item -> move(in.value(), out.value(), item, true));
    }

    @Override
    public void backward() {
        boolean start = in.startGradient();
        Kernels.parallel(in.items, item -> move(out.gradient(), in.gradient(), item, !start));
    }

    private void move(Storage from, Storage to, int item, boolean adds) {
        int length = in.itemLength();
        Copies.copy(from.floats(), item * length, to.floats(), item * length, length, adds);
    }
}
