package dev.palimpsest.benchmarks;

import dev.palimpsest.runtime.train.Adam;
import dev.palimpsest.runtime.train.AveragedWeights;
import dev.palimpsest.runtime.train.Norm;
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
import org.openjdk.jmh.annotations.Warmup;

/** What a step does with the flat vector of weights, for a small network and for one of the size of the paper's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Weights {
    @Param({"235297", "31000000"})
    public int parameters;

    private INDArray weights;
    private INDArray gradient;
    private Adam adam;
    private AveragedWeights average;

    @Setup
    public void allocate() {
        weights = Inputs.gaussian(parameters);
        gradient = Inputs.gaussian(parameters);
        adam = new Adam(weights);
        average = new AveragedWeights(weights.dup(), .95);
    }

    /** Adam, and the average of the weights after it. */
    @Benchmark
    public INDArray adam() {
        adam.step(weights, gradient, 1, 1e-5, average);
        return weights;
    }

    @Benchmark
    public double norm() {
        return Norm.of(gradient);
    }
}
