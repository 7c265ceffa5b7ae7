package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The perceptron, as matrix products in memory that is allocated once for each of the batch sizes used last. */
final class MlpNetwork implements DriftNetwork {
    private static final int PLANS = 4;

    private final MlpInput input;
    private final INDArray parameters;
    private final INDArray gradient;
    private final List<Dense> layers = new ArrayList<>();
    private final Map<Integer, Plan> plans = new LinkedHashMap<>(16, .75f, true);

    MlpNetwork(MlpInput input, List<Integer> widths, long seed) {
        this.input = input;
        parameters = Nd4j.createFromArray(initialWeights(input, widths, seed));
        gradient = Nd4j.zeros(DataType.FLOAT, parameters.length());
        List<Integer> outs = new ArrayList<>(widths);
        outs.add(Math.toIntExact(input.itemSize()));
        int in = Math.toIntExact(input.size());
        long start = 0;
        for (int out : outs) {
            layers.add(new Dense(
                    in,
                    out,
                    Floats.of(parameters).from(start),
                    Floats.of(gradient).from(start)));
            start += (in + 1L) * out;
            in = out;
        }
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        Floats rows = Floats.of(input.rows(t, x, conditioning));
        int items = Math.toIntExact(x.size(0));
        Floats velocity = Floats.matrix(items, input.itemSize());
        plan(items).forward(rows, velocity);
        return input.unflatten(velocity.array());
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        Floats rows = Floats.of(input.rows(t, x, conditioning));
        int items = Math.toIntExact(x.size(0));
        Floats error = Floats.matrix(items, input.itemSize());
        double loss = plan(items).squaredError(rows, error, Floats.of(input.flatten(target)));
        return new LossGradient(loss, gradient);
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        squaredError(t, x, conditioning, target);
        return plan(Math.toIntExact(x.size(0))).times();
    }

    @Override
    public INDArray parameters() {
        return parameters;
    }

    private Plan plan(int items) {
        Plan plan = plans.computeIfAbsent(items, size -> new Plan(size, layers));
        if (plans.size() > PLANS) {
            plans.remove(plans.keySet().iterator().next());
        }
        return plan;
    }

    /** Weights N(0, 2 / inputs) (He et al., arXiv 1502.01852), zero biases, and zeros for the whole last layer. */
    private static float[] initialWeights(MlpInput input, List<Integer> widths, long seed) {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long in = input.size();
        long count = 0;
        for (int width : widths) {
            count += (in + 1) * width;
            in = width;
        }
        float[] weights = new float[Math.toIntExact(count + (in + 1) * input.itemSize())];
        in = input.size();
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
