package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.KernelTime;
import dev.palimpsest.api.LossGradient;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A drift network whose results are checked. That training diverges is no fault of the plugin: values may be anything. That it leaves x as it was is
 * checked at the first call of each kind only, because a transport calls a network often, and the check would cost as much as a small network.
 */
final class CheckedDriftNetwork implements DriftNetwork {
    private final DriftNetwork network;
    private final Guard guard;
    private final long size;
    private boolean velocityCalled;
    private boolean squaredErrorCalled;

    CheckedDriftNetwork(DriftNetwork network, Guard guard) {
        this.network = network;
        this.guard = guard;
        this.size = parameters().length();
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        Supplier<INDArray> call = () -> network.velocity(t, x, conditioning);
        INDArray velocity = velocityCalled ? guard.call(call) : guard.callWith(x, call);
        velocityCalled = true;
        INDArray checked = guard.array("a velocity", velocity, x.shape());
        guard.requireOwn(checked, x);
        return checked;
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        Supplier<LossGradient> call = () -> network.squaredError(t, x, conditioning, target);
        LossGradient returned = squaredErrorCalled ? guard.call(call) : guard.callWith(x, call);
        squaredErrorCalled = true;
        return new LossGradient(returned.loss(), guard.array("a gradient", returned.gradient(), size));
    }

    @Override
    public List<KernelTime> kernelTimes(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        return guard.call(() -> network.kernelTimes(t, x, conditioning, target));
    }

    @Override
    public INDArray parameters() {
        INDArray parameters = guard.call(network::parameters);
        if (parameters.rank() != 1 || parameters.dataType() != DataType.FLOAT) {
            throw guard.fault("expected parameters as one vector of type FLOAT, got rank " + parameters.rank()
                    + " and type " + parameters.dataType());
        }
        return parameters;
    }

    @Override
    public void close() {
        guard.run(network::close);
    }
}
