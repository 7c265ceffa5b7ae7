package dev.palimpsest.plugins.unet;

import dev.palimpsest.plugins.unet.Linear.Start;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Linear} by ND4J's matrix products. */
final class PlainLinear implements Layer {
    private final Tensor in;
    private final Tensor out;
    private final boolean adds;
    private final Parameter weight;
    private final Parameter bias;

    PlainLinear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.adds = adds;
        weight = Linear.weight(in, out, start, parameters);
        bias = parameters.constant(0, out.channels);
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        INDArray to = rows(out, out.value());
        INDArray result = rows(in, in.value()).mmul(weight.value().array());
        result.addiRowVector(bias.value().array());
        if (adds) {
            to.addi(result);
        } else {
            to.assign(result);
        }
    }

    @Override
    public void backward() {
        INDArray gradient = rows(out, out.gradient());
        INDArray ofIn = gradient.mmul(weight.value().array().transpose());
        in.addGradient(ofIn.reshape('c', in.value().array().shape()));
        weight.gradient().array().assign(rows(in, in.value()).transpose().mmul(gradient));
        bias.gradient().array().assign(gradient.sum(0));
    }

    private static INDArray rows(Tensor tensor, Storage storage) {
        return storage.array().reshape('c', tensor.rows(), tensor.channels);
    }
}
