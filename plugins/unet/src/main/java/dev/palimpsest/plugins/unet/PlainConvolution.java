package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Convolution} in one call of ND4J. */
final class PlainConvolution implements Layer {
    private final Tensor in;
    private final Tensor out;
    private final Parameter weight;
    private final Parameter bias;

    PlainConvolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        this.in = in;
        this.out = out;
        weight = Convolution.weight(in, out, startsAtZero, parameters);
        bias = parameters.constant(0, out.channels);
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(
                        in.value().array(), weight.value().array(), bias.value().array())
                .addOutputs(out.value().array())
                .addIntegerArguments(Convolution.SAME_SIZE_NHWC)
                .build());
    }

    @Override
    public void backward() {
        INDArray gradient = in.value().array().ulike();
        Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(
                        in.value().array(),
                        weight.value().array(),
                        bias.value().array(),
                        out.gradient().array())
                .addOutputs(gradient, weight.gradient().array(), bias.gradient().array())
                .addIntegerArguments(Convolution.SAME_SIZE_NHWC)
                .build());
        in.addGradient(gradient);
    }
}
