package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.KernelTime;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix products and loops in host memory, which is allocated once for each of the batch sizes used last: for CPUs. */
final class FusedPerceptron implements Perceptron {
    private static final int PLANS = 4;

    private final MlpInput input;
    private final List<Dense> layers = new ArrayList<>();
    private Optional<Plan> last = Optional.empty();
    private final Map<Kind, Plan> plans = new LinkedHashMap<>(16, .75f, true);

    /** @param sizes of the input, of the hidden layers and of the output */
    FusedPerceptron(MlpInput input, List<Integer> sizes, INDArray parameters) {
        this.input = input;
        long start = 0;
        for (int layer = 1; layer < sizes.size(); layer++) {
            int in = sizes.get(layer - 1);
            int out = sizes.get(layer);
            layers.add(new Dense(in, out, Floats.of(parameters).from(start)));
            start += (in + 1L) * out;
        }
    }

    private record Kind(int items, boolean withGradient) {}

    @Override
    public void holdGradient(INDArray gradient) {
        long start = 0;
        for (Dense layer : layers) {
            layer.holdGradient(Floats.of(gradient).from(start));
            start += (layer.in() + 1L) * layer.out();
        }
    }

    @Override
    public INDArray forward(MlpInput.Batch batch) {
        INDArray output = input.items(batch.items());
        plan(batch, false).forward(input.new Rows(batch), Floats.of(output));
        return output;
    }

    @Override
    public double squaredError(MlpInput.Batch batch, INDArray target) {
        last = Optional.of(plan(batch, true));
        double loss = last.orElseThrow().squaredError(input.new Rows(batch), Floats.values(target));
        Reference.reachabilityFence(target);
        return loss;
    }

    @Override
    public List<KernelTime> times() {
        return last.map(Plan::times).orElse(List.of());
    }

    @Override
    public void close() {
        plans.values().forEach(Plan::close);
        plans.clear();
    }

    private Plan plan(MlpInput.Batch batch, boolean withGradient) {
        Kind kind = new Kind(batch.items(), withGradient);
        Plan plan = plans.computeIfAbsent(kind, made -> new Plan(made.items(), layers, made.withGradient()));
        if (plans.size() > PLANS) {
            plans.remove(plans.keySet().iterator().next()).close();
        }
        return plan;
    }
}
