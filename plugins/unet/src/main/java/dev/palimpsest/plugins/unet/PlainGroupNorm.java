package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link GroupNorm} by ND4J's broadcasts, step by step: n = (x - mean) rate, m = gain n + bias, u = (1 + scale) m + shift, out = f(u). */
final class PlainGroupNorm implements Layer {
    private final Tensor in;
    private final Tensor out;
    private final Optional<Tensor> scaleShift;
    private final boolean silu;
    private final Parameter gain;
    private final Parameter bias;
    private final int groups;

    PlainGroupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.scaleShift = scaleShift;
        this.silu = silu;
        gain = parameters.constant(1, in.channels);
        bias = parameters.constant(0, in.channels);
        groups = GroupNorm.groups(in.channels);
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>(List.of(in, out));
        scaleShift.ifPresent(tensors::add);
        return tensors;
    }

    /** n [N, P, C], and the rates [N, 1, groups, 1]. */
    private record Normalised(INDArray n, INDArray rates) {}

    @Override
    public void forward() {
        INDArray u = modulated(affine(normalised().n()));
        INDArray result = silu ? PlainSilu.value(u) : u;
        out.value().array().assign(result.reshape('c', out.value().array().shape()));
    }

    @Override
    public void backward() {
        Normalised normalised = normalised();
        INDArray m = affine(normalised.n());
        INDArray du = pixels(out.gradient());
        if (silu) {
            du = PlainSilu.slope(modulated(m)).muli(du);
        }
        INDArray dm = du;
        if (scaleShift.isPresent()) {
            INDArray ofScale = du.mul(m).sum(1);
            INDArray ofShift = du.sum(1);
            INDArray both = Nd4j.concat(1, ofScale, ofShift);
            Tensor vector = scaleShift.get();
            vector.addGradient(both.reshape('c', vector.value().array().shape()));
            dm = du.mul(scale());
        }
        gain.gradient().array().assign(dm.mul(normalised.n()).sum(0, 1));
        bias.gradient().array().assign(dm.sum(0, 1));

        // dx = rate (dn - mean(dn) - n mean(dn n))
        INDArray dn = grouped(dm.mul(channels(gain)));
        INDArray n = grouped(normalised.n());
        INDArray along = n.mul(dn.mul(n).mean(true, 1, 3));
        INDArray dx = dn.sub(dn.mean(true, 1, 3)).subi(along).mul(normalised.rates());
        in.addGradient(dx.reshape('c', in.value().array().shape()));
    }

    private Normalised normalised() {
        INDArray x = grouped(pixels(in.value()));
        INDArray centred = x.sub(x.mean(true, 1, 3));
        INDArray variances = centred.mul(centred).mean(true, 1, 3);
        INDArray rates =
                Transforms.sqrt(variances.addi(GroupNorm.EPSILON), false).rdivi(1);
        return new Normalised(centred.mul(rates).reshape('c', in.items, in.pixels(), in.channels), rates);
    }

    private INDArray affine(INDArray n) {
        return n.mul(channels(gain)).add(channels(bias));
    }

    private INDArray modulated(INDArray m) {
        return scaleShift.isPresent() ? m.mul(scale()).add(half(1)) : m;
    }

    /** 1 + scale, [N, 1, C]. */
    private INDArray scale() {
        return half(0).add(1);
    }

    private INDArray half(int index) {
        INDArray vectors = scaleShift.orElseThrow().value().array().reshape('c', in.items, 2L * in.channels);
        return vectors.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval((long) index * in.channels, (index + 1L) * in.channels))
                .dup('c')
                .reshape('c', in.items, 1, in.channels);
    }

    private INDArray channels(Parameter parameter) {
        return parameter.value().array().reshape('c', 1, 1, in.channels);
    }

    private INDArray pixels(Storage storage) {
        return storage.array().reshape('c', in.items, in.pixels(), in.channels);
    }

    private INDArray grouped(INDArray ofChannels) {
        return ofChannels.reshape('c', in.items, in.pixels(), groups, in.channels / groups);
    }
}
