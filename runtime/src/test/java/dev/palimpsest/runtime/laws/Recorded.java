package dev.palimpsest.runtime.laws;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.train.SelfConsistentTraining;
import dev.palimpsest.runtime.train.TrainingListener;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import dev.palimpsest.testkit.ExactDrift;
import dev.palimpsest.testkit.ExactVelocity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A few large steps of the real training loop with an exact drift, which nothing changes, and all that went through them.
 *
 * @param given what F was called with in the loop, a step each
 * @param regressions what the drift was regressed on, a step each
 * @param losses the loss of each step
 */
record Recorded(List<double[]> given, List<Regression> regressions, List<Double> losses) {
    static final int ITEMS = 40_000;
    private static final int STEPS = 5;
    private static final int BATCH = 20_000;
    private static final RandomStreams STREAMS = new RandomStreams(11);

    /** The pairs of all steps. */
    static final int PAIRS = STEPS * BATCH;

    /** Values in row-major order, as the loop made them. */
    record Regression(double[] t, double[] point, double[] conditioning, double[] velocity) {}

    /** @param clean [ITEMS, d] */
    static Recorded loop(
            INDArray clean,
            ForwardModel forward,
            InterpolantSchedule schedule,
            double mix,
            ExactVelocity b,
            Path folder) {
        Recorded recorded = new Recorded(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        TrainingSettings settings = new TrainingSettings(
                STEPS,
                BATCH,
                Optional.empty(),
                1,
                0,
                mix,
                1,
                1,
                Optional.of(0),
                Optional.empty(),
                Optional.empty(),
                true,
                0,
                true,
                1e-3,
                0,
                Decay.NONE,
                1,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2);
        try (ObservationSet set = ObservationSet.simulate(clean, forward, STREAMS, folder)) {
            int conditioning =
                    set.conditioningShape().map(shape -> (int) shape[0]).orElse(0);
            new SelfConsistentTraining(
                            settings,
                            recorded.forward(forward),
                            schedule,
                            new Midpoint(8, 1.5),
                            recorded.drift(new ExactDrift(b)),
                            new DriftSignature(set.itemShape(), 0, conditioning),
                            set,
                            IntStream.range(0, ITEMS).toArray(),
                            0,
                            STREAMS)
                    .run(new TrainingListener() {
                        @Override
                        public void stepped(int step, double loss, double gradientNorm, double learningRate) {
                            recorded.losses.add(loss);
                        }
                    });
        }
        return recorded;
    }

    /** Standard normal items [ITEMS, d]. */
    static INDArray standardNormal(int d) {
        return Samples.gaussian(STREAMS.stream("clean", d), ITEMS, d);
    }

    double loss() {
        return losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
    }

    /** All x of one coordinate that F was called with. */
    double[] recorrupted(int coordinate, int d) {
        return given.stream()
                .flatMapToDouble(x -> IntStream.range(0, x.length / d).mapToDouble(i -> x[i * d + coordinate]))
                .toArray();
    }

    private ForwardModel forward(ForwardModel forward) {
        return (INDArray x, RandomGenerator rng) -> {
            given.add(values(x));
            return forward.apply(x, rng);
        };
    }

    private DriftArchitecture drift(DriftArchitecture architecture) {
        return (signature, seed) -> {
            DriftNetwork network = architecture.build(signature, seed);
            return new DriftNetwork() {
                @Override
                public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                    return network.velocity(t, x, conditioning);
                }

                @Override
                public LossGradient squaredError(
                        INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                    regressions.add(new Regression(
                            values(t),
                            values(x),
                            conditioning.map(Recorded::values).orElseGet(() -> new double[0]),
                            values(target)));
                    return network.squaredError(t, x, conditioning, target);
                }

                @Override
                public INDArray parameters() {
                    return network.parameters();
                }
            };
        };
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }
}
