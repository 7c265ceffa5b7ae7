package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A U-Net and its plans: one for each number of items, of which the last few used are kept. */
final class UNetNetwork implements DriftNetwork {
    private static final int PLANS = 4;

    private record Key(int items, boolean training) {}

    private final UNet net;
    private final DriftSignature signature;
    private final Weights weights = new Weights();
    private final Map<Key, Plan> plans = new LinkedHashMap<>(PLANS, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Plan> eldest) {
            return size() > PLANS;
        }
    };

    UNetNetwork(UNet net, DriftSignature signature, long seed) {
        this.net = net;
        this.signature = signature;
        plan(1, false);
        weights.allocate(seed);
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        requireShapes(t, x, conditioning);
        return plan((int) x.size(0), false).forward(t, x, conditioning);
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        requireShapes(t, x, conditioning);
        requireShape("target", x.shape(), target);
        Plan plan = plan((int) x.size(0), true);
        plan.forward(t, x, conditioning);
        double loss = plan.backward(target);
        return new LossGradient(loss, weights.gradients().buffer().array());
    }

    @Override
    public INDArray parameters() {
        return weights.parameters().buffer().array();
    }

    @Override
    public void close() {
        plans.clear();
    }

    private Plan plan(int items, boolean training) {
        return plans.computeIfAbsent(new Key(items, training), key -> new Plan(net, signature, weights, key.items(), key.training()));
    }

    private void requireShapes(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        long[] item = signature.itemShape();
        long items = x.size(0);
        requireShape("x", new long[] {items, item[0], item[1], item[2]}, x);
        requireShape("t", new long[] {items}, t);
        if (signature.conditioningMaps() > 0) {
            requireShape("conditioning", new long[] {items, signature.conditioningMaps(), item[1], item[2]}, conditioning.orElseThrow(UNetNetwork::missing));
        }
        if (signature.conditioningSize() > 0) {
            requireShape("conditioning", new long[] {items, signature.conditioningSize()}, conditioning.orElseThrow(UNetNetwork::missing));
        }
    }

    private static IllegalArgumentException missing() {
        return new IllegalArgumentException("this unet was built for a conditioning, and got none");
    }

    private static void requireShape(String what, long[] expected, INDArray array) {
        if (!Arrays.equals(expected, array.shape())) {
            throw new IllegalArgumentException(what + " must have the shape " + Arrays.toString(expected) + ", got " + Arrays.toString(array.shape()));
        }
    }
}
