package dev.palimpsest.benchmarks;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.runtime.train.Interpolation;
import dev.palimpsest.runtime.train.Interpolator;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
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
import org.openjdk.jmh.annotations.Warmup;

/** What a step does with a batch of images beside the network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Batches {
    @Param({"16", "64"})
    public int items;

    private final ForwardModel mask = new RandomMask();
    private final Interpolator interpolator = new Interpolator(new Linear());
    private final RandomGenerator rng = Inputs.random();
    private INDArray x;
    private INDArray y;
    private double[] t;

    @Setup
    public void draw() {
        x = Inputs.gaussian(items, 3, 32, 32);
        y = Inputs.gaussian(items, 3, 32, 32);
        t = Inputs.random().doubles(items).toArray();
    }

    @Benchmark
    public Interpolation interpolation() {
        return interpolator.at(t, x, y, rng);
    }

    @Benchmark
    public Observations randomMask() {
        return mask.apply(x, rng);
    }
}
