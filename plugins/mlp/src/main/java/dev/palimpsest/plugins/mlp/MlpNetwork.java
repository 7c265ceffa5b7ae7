package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A perceptron's weights and their gradients, and what computes with them. */
final class MlpNetwork implements DriftNetwork {
    private final MlpInput input;
    private final INDArray parameters;
    private final Perceptron perceptron;
    private Optional<INDArray> gradient = Optional.empty();

    MlpNetwork(MlpInput input, List<Integer> widths, long seed) {
        this.input = input;
        parameters = Nd4j.createFromArray(initialWeights(input, widths, seed));
        List<Integer> sizes = new ArrayList<>(List.of(Math.toIntExact(input.size())));
        sizes.addAll(widths);
        sizes.add(Math.toIntExact(input.itemSize()));
        perceptron = FusedKernels.allowed()
                ? new FusedPerceptron(input, sizes, parameters)
                : new PlainPerceptron(input, sizes, parameters);
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        return perceptron.forward(input.batch(t, x, conditioning));
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        MlpInput.Batch batch = input.batch(t, x, conditioning);
        input.requireTarget(batch, target);
        INDArray held = gradient();
        return new LossGradient(perceptron.squaredError(batch, target), held);
    }

    /** Frees all but the weights and their gradient; a later call would allocate anew. */
    @Override
    public void close() {
        perceptron.close();
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        squaredError(t, x, conditioning, target);
        return perceptron.times();
    }

    @Override
    public INDArray parameters() {
        return parameters;
    }

    /** The gradient has its memory from the first call on, so that a network which is never trained has none. */
    private INDArray gradient() {
        if (gradient.isEmpty()) {
            INDArray flat = Nd4j.zeros(DataType.FLOAT, parameters.length());
            perceptron.holdGradient(flat);
            gradient = Optional.of(flat);
        }
        return gradient.orElseThrow();
    }

    /** How many weights there are. */
    private static long length(MlpInput input, List<Integer> widths) {
        long in = input.size();
        long count = 0;
        for (int width : widths) {
            count += (in + 1) * width;
            in = width;
        }
        return count + (in + 1) * input.itemSize();
    }

    /** Bytes of the weights, and of their gradient, and of what a batch of so many items takes: rows, outputs (which become their gradient), and a plan. */
    static long memory(MlpInput input, List<Integer> widths, int items, boolean withGradient) {
        long weights = length(input, widths) * (withGradient ? 2 : 1);
        long rows = items * (input.size() + input.itemSize());
        return Float.BYTES * (weights + rows + Plan.length(items, widths, withGradient));
    }

    /** Weights N(0, 2 / inputs) (He et al., arXiv 1502.01852), zero biases, and zeros for the whole last layer. */
    private static float[] initialWeights(MlpInput input, List<Integer> widths, long seed) {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] weights = new float[Math.toIntExact(length(input, widths))];
        long in = input.size();
        int next = 0;
        for (int width : widths) {
            double deviation = Math.sqrt(2.0 / in);
            for (long i = 0; i < in * width; i++) {
                weights[next++] = (float) (deviation * rng.nextGaussian());
            }
            next += width;
            in = width;
        }
        return weights;
    }
}
