package dev.palimpsest.plugins.unet;

import java.util.List;

/** {@link Add} by ND4J's operations. */
final class PlainAdd implements Layer {
    private final Tensor in;
    private final Tensor out;

    PlainAdd(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        out.value().array().addi(in.value().array());
    }

    @Override
    public void backward() {
        in.addGradient(out.gradient().array());
    }
}
