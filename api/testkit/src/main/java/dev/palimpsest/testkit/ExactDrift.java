package dev.palimpsest.testkit;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A drift "network" that is a given function and learns nothing: its one parameter has no effect, and its gradient is 0.
 *
 * <p>Its squared error is that of the function: the mean over items and dimensions, as {@link DriftNetwork#squaredError} demands. Unlike a new
 * network, it does not start at zero. Velocities have the type of x, so that a transport of doubles is exact to double precision in x.
 */
public record ExactDrift(ExactVelocity velocity) implements DriftArchitecture {
    @Override
    public DriftNetwork build(DriftSignature signature, long seed) {
        return network();
    }

    /** The function as a network, for items of any shape. */
    public DriftNetwork network() {
        return new Network(velocity, Nd4j.zeros(DataType.FLOAT, 1), Nd4j.zeros(DataType.FLOAT, 1));
    }

    private record Network(ExactVelocity b, INDArray parameters, INDArray gradient) implements DriftNetwork {
        @Override
        public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
            return Nd4j.createFromArray(velocities(t, x, conditioning))
                    .castTo(x.dataType())
                    .reshape('c', x.shape());
        }

        @Override
        public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
            double[] velocities = velocities(t, x, conditioning);
            double[] targets = values(target);
            double sum = 0;
            for (int i = 0; i < targets.length; i++) {
                sum += (velocities[i] - targets[i]) * (velocities[i] - targets[i]);
            }
            gradient.assign(0);
            return new LossGradient(sum / targets.length, gradient);
        }

        private double[] velocities(INDArray time, INDArray x, Optional<INDArray> conditioning) {
            double[] times = values(time);
            double[] items = values(x);
            double[] known = conditioning.map(Network::values).orElseGet(() -> new double[0]);
            int size = items.length / times.length;
            int knownSize = known.length / times.length;
            double[] velocities = new double[items.length];
            Map<DoubleBuffer, UnaryOperator<double[]>> fields = new HashMap<>(); // by conditioning, at one time
            for (int n = 0; n < times.length; n++) {
                double t = times[n];
                if (n > 0 && t != times[n - 1]) {
                    fields.clear();
                }
                double[] itsKnown = Arrays.copyOfRange(known, n * knownSize, (n + 1) * knownSize);
                double[] velocity = fields.computeIfAbsent(DoubleBuffer.wrap(itsKnown), key -> b.at(t, itsKnown))
                        .apply(Arrays.copyOfRange(items, n * size, (n + 1) * size));
                System.arraycopy(velocity, 0, velocities, n * size, size);
            }
            return velocities;
        }

        private static double[] values(INDArray array) {
            return array.dup('c').data().asDouble();
        }
    }
}
