package dev.palimpsest.benchmarks;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.mlp.Mlp;
import dev.palimpsest.plugins.unet.UNet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Forward pass and gradient of a small U-Net on 64 images 1x32x32, and of a perceptron 3 x 256 on 2000 points of the plane. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Networks {
    /** A network, and the shape of a batch for it. */
    public enum Drift {
        UNET(new UNet(32, List.of(1, 2, 2), 1, List.of(8)), 64, 1, 32, 32),
        MLP(new Mlp(List.of(256, 256, 256)), 2000, 2);

        private final DriftArchitecture architecture;
        private final long[] batch;

        Drift(DriftArchitecture architecture, long... batch) {
            this.architecture = architecture;
            this.batch = batch;
        }

        private DriftNetwork build() {
            long[] item = Arrays.copyOfRange(batch, 1, batch.length);
            return architecture.build(new DriftSignature(item, 0, 0), 7);
        }
    }

    @Param
    public Drift drift;

    private DriftNetwork network;
    private INDArray t;
    private INDArray x;
    private INDArray target;

    @Setup
    public void build() {
        network = drift.build();
        t = Samples.uniform(Inputs.random(), drift.batch[0]);
        x = Inputs.gaussian(drift.batch);
        target = x.neg();
    }

    @TearDown
    public void close() {
        network.close();
    }

    @Benchmark
    public INDArray velocity() {
        return network.velocity(t, x, Optional.empty());
    }

    @Benchmark
    public LossGradient gradient() {
        return network.squaredError(t, x, Optional.empty(), target);
    }
}
