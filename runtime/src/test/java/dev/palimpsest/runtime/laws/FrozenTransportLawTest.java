package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.rungekutta.Euler;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.schedules.Trigonometric;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.train.SelfConsistentTraining;
import dev.palimpsest.runtime.train.TrainingListener;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whose weights the transport map has, step by step. The drift is the one number theta everywhere and all observations are 0, so that x = Phi(0) =
 * -theta of the frozen copy. Where Adam's gradients are equal, it moves theta by the learning rate at each step.
 */
class FrozenTransportLawTest {
    private static final double RATE = .01;
    private static final RandomStreams STREAMS = new RandomStreams(5);

    @TempDir
    Path folder;

    /** b(t, x) = theta, whose gradient in step n is given. */
    private static DriftArchitecture constant(IntToDoubleFunction gradients) {
        return (signature, seed) -> new DriftNetwork() {
            private final INDArray theta = Nd4j.createFromArray(0f);
            private int step;

            @Override
            public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                return x.mul(0).addi(theta.getDouble(0));
            }

            @Override
            public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                step++;
                return new LossGradient(1, Nd4j.createFromArray((float) gradients.applyAsDouble(step)));
            }

            @Override
            public INDArray parameters() {
                return theta;
            }
        };
    }

    private static TrainingSettings settings(
            int steps,
            int batch,
            int refreshEvery,
            double teacher,
            int warmUp,
            int meanSteps,
            int meanRounds,
            double endShare,
            double clip) {
        return new TrainingSettings(
                steps,
                batch,
                Optional.empty(),
                refreshEvery,
                teacher,
                1,
                1,
                1,
                Optional.of(warmUp),
                Optional.of(meanSteps),
                Optional.of(meanRounds),
                true,
                endShare,
                true,
                RATE,
                0,
                Decay.NONE,
                clip,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2);
    }

    private void train(
            TrainingSettings settings, ForwardModel forward, InterpolantSchedule schedule, DriftArchitecture drift) {
        try (ObservationSet set = ObservationSet.simulate(Nd4j.zeros(8, 1), new GaussianNoise(0), STREAMS, folder)) {
            new SelfConsistentTraining(
                            settings,
                            forward,
                            schedule,
                            new Euler(1, 1),
                            drift,
                            Parts.items(1),
                            set,
                            new int[] {0, 1, 2, 3, 4, 5, 6, 7},
                            0,
                            STREAMS)
                    .run(new TrainingListener() {});
        }
    }

    /** x of each step. */
    private List<Double> transported(
            int refreshEvery, double teacher, int warmUp, double clip, IntToDoubleFunction gradients) {
        return transported(refreshEvery, teacher, warmUp, 0, 0, new Linear(), clip, gradients);
    }

    private List<Double> transported(
            int refreshEvery,
            double teacher,
            int warmUp,
            int meanSteps,
            int meanRounds,
            InterpolantSchedule schedule,
            double clip,
            IntToDoubleFunction gradients) {
        List<Double> given = new ArrayList<>();
        ForwardModel nothing = new GaussianNoise(0);
        ForwardModel recording = (x, rng) -> {
            given.add(x.getDouble(0));
            return nothing.apply(x, rng);
        };
        train(
                settings(12, 4, refreshEvery, teacher, warmUp, meanSteps, meanRounds, 0, clip),
                recording,
                schedule,
                constant(gradients));
        return given;
    }

    /** Gradients of -1 raise theta by the rate each step. Single precision and Adam's epsilon leave 1e-6. */
    @Test
    void with_decay_zero_the_frozen_copy_has_the_weights_of_the_last_refresh() {
        List<Double> x = transported(4, 0, 0, 0, step -> -1);
        for (int step = 1; step <= 12; step++) {
            assertThat(x.get(step - 1)).as("step " + step).isCloseTo(-RATE * ((step - 1) / 4 * 4), within(1e-6));
        }
    }

    @Test
    void with_a_decay_the_frozen_copy_is_the_moving_average_of_the_weights() {
        List<Double> x = transported(1, .9, 0, 0, step -> -1);
        double average = 0;
        for (int step = 1; step <= 12; step++) {
            assertThat(x.get(step - 1)).as("step " + step).isCloseTo(-average, within(1e-6));
            double d = Math.min(.9, (1.0 + step - 1) / (10.0 + step - 1));
            average = d * average + (1 - d) * RATE * step;
        }
    }

    @Test
    void in_the_warm_up_phi_is_the_identity_though_the_weights_move() {
        List<Double> x = transported(1, 0, 5, 0, step -> -1);
        for (int step = 1; step <= 12; step++) {
            assertThat(x.get(step - 1)).as("step " + step).isCloseTo(step <= 5 ? 0 : -RATE * (step - 1), within(1e-6));
        }
    }

    /** On the quarter circle E[x | y = 0] = -2/pi theta, where one Euler step of Phi gives -theta. The steps whose weights are used: */
    @ParameterizedTest
    @CsvSource({"1, 3 3 3 3", "2, 3 3 5 5", "0, 3 4 5 6"})
    void in_the_mean_rounds_x_is_the_posterior_mean_by_the_weights_at_the_beginning_of_each(
            int rounds, String weightsOf) {
        List<Double> x = transported(1, 0, 3, 4, rounds, new Trigonometric(), 0, step -> -1);
        String[] used = weightsOf.split(" ");
        for (int step = 1; step <= 12; step++) {
            double expected = step <= 3
                    ? 0
                    : step <= 7 ? -2 / Math.PI * RATE * Integer.parseInt(used[step - 4]) : -RATE * (step - 1);
            assertThat(x.get(step - 1)).as("step " + step).isCloseTo(expected, within(1e-6));
        }
    }

    /** 8,000 times: a share has a standard error of .005, and the mean of the others, which are uniform, one of .004. */
    @Test
    void a_share_of_the_times_is_at_the_end_and_the_others_are_uniform() {
        List<Double> times = new ArrayList<>();
        DriftArchitecture listening = (signature, seed) -> new DriftNetwork() {
            private final INDArray theta = Nd4j.createFromArray(0f);

            @Override
            public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                return x.mul(0);
            }

            @Override
            public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                for (double time : t.toDoubleVector()) {
                    times.add(time);
                }
                return new LossGradient(1, Nd4j.createFromArray(0f));
            }

            @Override
            public INDArray parameters() {
                return theta;
            }
        };
        train(settings(2, 4000, 1, 0, 0, 0, 0, .3, 0), new GaussianNoise(0), new Linear(), listening);
        double[] before = times.stream().mapToDouble(t -> t).filter(t -> t < 1).toArray();
        assertThat(times).hasSize(8000);
        assertThat(1 - before.length / 8000.).isCloseTo(.3, within(.02));
        assertThat(Arrays.stream(before).average().orElseThrow()).isCloseTo(.5, within(.016));
    }

    /** Gradients 10, 1, 1, ... are all 1 after clipping; without it, Adam would move theta by .74 of the rate in the second step. */
    @Test
    void a_gradient_longer_than_clip_is_scaled_down_to_it() {
        List<Double> x = transported(1, 0, 0, 1, step -> step == 1 ? -10 : -1);
        for (int step = 1; step <= 12; step++) {
            assertThat(x.get(step - 1)).as("step " + step).isCloseTo(-RATE * (step - 1), within(1e-6));
        }
    }
}
