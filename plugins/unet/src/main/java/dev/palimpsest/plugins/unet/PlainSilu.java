package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link Silu} by ND4J's operations. */
final class PlainSilu implements Layer {
    private final Tensor in;
    private final Tensor out;

    PlainSilu(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        out.value().array().assign(value(in.value().array()));
    }

    @Override
    public void backward() {
        in.addGradient(slope(in.value().array()).muli(out.gradient().array()));
    }

    /** u s(u), with the sigmoid s. */
    static INDArray value(INDArray u) {
        return Transforms.sigmoid(u, true).muli(u);
    }

    /** s + u s (1 - s). */
    static INDArray slope(INDArray u) {
        INDArray s = Transforms.sigmoid(u, true);
        return s.rsub(1).muli(s).muli(u).addi(s);
    }
}
