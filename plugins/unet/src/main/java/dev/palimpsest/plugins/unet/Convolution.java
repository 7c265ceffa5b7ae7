package dev.palimpsest.plugins.unet;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** A 3x3 convolution with zero padding, by ND4J. */
final class Convolution implements Layer {
    private static final int SAME = 1;
    private static final int NHWC = 1;
    private static final int KERNEL_FIRST = 0;

    private final Node in;
    private final Node out;
    private final Weight kernel;
    private final Weight bias;
    private Optional<DynamicCustomOp> forward = Optional.empty();
    private Optional<DynamicCustomOp> backward = Optional.empty();

    Convolution(Node in, Node out, Weight kernel, Weight bias) {
        this.in = in;
        this.out = out;
        this.kernel = kernel;
        this.bias = bias;
    }

    @Override
    public void forward() {
        if (forward.isEmpty()) {
            forward = Optional.of(operation("conv2d", new INDArray[] {image(in, in.value()), kernel.value(), bias.value()}, image(out, out.value())));
        }
        Nd4j.exec(forward.get());
    }

    @Override
    public void backward() {
        if (backward.isEmpty()) {
            backward = Optional.of(operation(
                    "conv2d_bp",
                    new INDArray[] {image(in, in.value()), kernel.value(), bias.value(), image(out, out.gradient())},
                    image(in, in.gradient()),
                    kernel.gradient(),
                    bias.gradient()));
        }
        Nd4j.exec(backward.get());
    }

    private static INDArray image(Node node, Buffer buffer) {
        return buffer.array().reshape('c', node.items(), node.height(), node.width(), node.channels());
    }

    private static DynamicCustomOp operation(String name, INDArray[] inputs, INDArray... outputs) {
        return DynamicCustomOp.builder(name)
                .addInputs(inputs)
                .addOutputs(outputs)
                .addIntegerArguments(3, 3, 1, 1, 0, 0, 1, 1, SAME, NHWC, KERNEL_FIRST)
                .build();
    }
}
