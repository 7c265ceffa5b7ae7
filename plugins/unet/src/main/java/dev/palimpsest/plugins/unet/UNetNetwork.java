package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A U-Net's weights, and plans for the batch sizes that it was last called with. */
final class UNetNetwork implements DriftNetwork {
    private static final int PLANS = 4;

    private final UNetGraph graph;
    private final Engine engine;
    private final Parameters parameters;
    private final Map<Kind, UNetPlan> plans = new LinkedHashMap<>(16, 0.75f, true);
    private final int channels;
    private final int height;
    private final int width;

    UNetNetwork(UNetGraph graph, long seed) {
        this.graph = graph;
        engine = graph.engine();
        parameters = new Parameters(engine);
        long[] shape = graph.signature().itemShape();
        channels = Math.toIntExact(shape[0]);
        height = Math.toIntExact(shape[1]);
        width = Math.toIntExact(shape[2]);
        graph.plan(1, parameters);
        parameters.allocate(seed);
    }

    private record Kind(int items, boolean backward) {}

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        return engine.unpack(forward(t, x, conditioning, false, Layer::forward).output(), height, width);
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        return squaredError(t, x, conditioning, target, Layer::forward, Layer::backward);
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        LayerTimes times = new LayerTimes();
        squaredError(t, x, conditioning, target, times::forward, times::backward);
        return times.byKind();
    }

    @Override
    public INDArray parameters() {
        return parameters.values();
    }

    /** Frees all but the weights and their gradient; a later call would allocate anew. */
    @Override
    public void close() {
        plans.values().forEach(plan -> plan.plan().close());
        plans.clear();
        parameters.freeWorking();
    }

    private LossGradient squaredError(
            INDArray t,
            INDArray x,
            Optional<INDArray> conditioning,
            INDArray target,
            Consumer<Layer> forward,
            Consumer<Layer> backward) {
        Images.requireShape(target, "target", x.shape());
        UNetPlan plan = forward(t, x, conditioning, true, forward);
        double loss = engine.squaredError(plan.output(), target);
        plan.plan().backward(backward);
        return new LossGradient(loss, parameters.gradients());
    }

    private UNetPlan forward(
            INDArray t, INDArray x, Optional<INDArray> conditioning, boolean backward, Consumer<Layer> pass) {
        int items = Math.toIntExact(x.size(0));
        Images.requireShape(x, "x", items, channels, height, width);
        Images.requireShape(t, "t", items);
        int maps = graph.signature().conditioningMaps();
        int size = graph.signature().conditioningSize();
        UNetPlan plan = planFor(new Kind(items, backward));
        engine.write(TimeFeatures.of(values(t), plan.time().channels), plan.time());
        engine.pack(x, plan.input(), 0);
        if (maps > 0) {
            INDArray known = required(conditioning);
            Images.requireShape(known, "conditioning", items, maps, height, width);
            engine.pack(known, plan.input(), channels);
        }
        plan.vector().ifPresent(vector -> {
            INDArray known = required(conditioning);
            Images.requireShape(known, "conditioning", items, size);
            engine.write(known, vector);
        });
        plan.plan().forward(pass);
        return plan;
    }

    /** The numbers of a vector, with a copy of it only if they do not lie one after another. */
    private static float[] values(INDArray vector) {
        return (vector.isView() ? vector.dup('c') : vector).data().asFloat();
    }

    private INDArray required(Optional<INDArray> conditioning) {
        return conditioning.orElseThrow(() -> new IllegalArgumentException(
                "unet: this network was built for " + graph.signature() + ", but got no conditioning"));
    }

    private UNetPlan planFor(Kind kind) {
        UNetPlan known = plans.get(kind);
        if (known != null) {
            return known;
        }
        if (plans.size() == PLANS) {
            Iterator<UNetPlan> oldest = plans.values().iterator();
            oldest.next().plan().close();
            oldest.remove();
        }
        if (kind.backward()) {
            parameters.gradients();
        }
        UNetPlan made = graph.plan(kind.items(), parameters);
        long working = made.plan().workingLength(kind.backward());
        if (working > parameters.workingLength()) {
            close(); // every plan works in the memory that is too small for this one
            parameters.holdWorking(working);
        }
        made.plan().allocate(kind.backward());
        plans.put(kind, made);
        return made;
    }
}
