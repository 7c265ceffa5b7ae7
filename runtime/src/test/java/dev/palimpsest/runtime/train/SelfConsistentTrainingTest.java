package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.gaussianblur.GaussianBlur;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.mlp.Mlp;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.unet.UNet;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SelfConsistentTrainingTest {
    private static final RandomStreams STREAMS = new RandomStreams(3);
    private static final int COUNT = 4000;
    private static final int[] ALL = IntStream.range(0, COUNT).toArray();

    @TempDir
    Path folder;

    private static TrainingSettings settings(int steps, int warmUp, double pool, double mix, int recorruptions) {
        return new TrainingSettings(
                steps,
                64,
                Optional.empty(),
                1,
                0.9,
                mix,
                recorruptions,
                pool,
                Optional.of(warmUp),
                Optional.empty(),
                Optional.empty(),
                true,
                0,
                true,
                3e-3,
                0.05,
                Decay.COSINE,
                1,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2);
    }

    private ObservationSet observed(ForwardModel forward, int dimensions) {
        INDArray clean = Samples.gaussian(STREAMS.stream("clean", 0), COUNT, dimensions);
        return ObservationSet.simulate(clean, forward, STREAMS, folder);
    }

    private static SelfConsistentTraining training(
            TrainingSettings settings,
            ForwardModel forward,
            DriftArchitecture architecture,
            DriftSignature signature,
            ObservationSet set) {
        return new SelfConsistentTraining(
                settings, forward, new Linear(), new Midpoint(4, 1.5), architecture, signature, set, ALL, 0, STREAMS);
    }

    /** A forward model that keeps what it was given and what it returned. */
    private record Recording(ForwardModel forward, List<INDArray> given, List<Observations> returned)
            implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            given.add(x.dup());
            Observations observed = forward.apply(x, rng);
            returned.add(
                    new Observations(observed.y().dup(), observed.conditioning().map(INDArray::dup)));
            return observed;
        }
    }

    /** A drift that keeps the regressions it was given, and whose loss is not finite whenever a step is listed. */
    private record Watched(DriftNetwork drift, List<Regression> regressions, List<Integer> bad)
            implements DriftNetwork {
        @Override
        public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
            return drift.velocity(t, x, conditioning);
        }

        @Override
        public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
            regressions.add(new Regression(t.dup(), x.dup(), conditioning.map(INDArray::dup), target.dup()));
            LossGradient error = drift.squaredError(t, x, conditioning, target);
            return bad.contains(regressions.size()) ? new LossGradient(Double.NaN, error.gradient()) : error;
        }

        @Override
        public INDArray parameters() {
            return drift.parameters();
        }
    }

    private record Regression(INDArray t, INDArray point, Optional<INDArray> conditioning, INDArray velocity) {}

    private static DriftArchitecture watched(List<Regression> regressions, Integer... bad) {
        return (signature, seed) -> new Watched(new Mlp(List.of(16)).build(signature, seed), regressions, List.of(bad));
    }

    private static DriftArchitecture watchedImages(List<Regression> regressions) {
        DriftArchitecture unet = new UNet(4, List.of(1), 1, List.of());
        return (signature, seed) -> new Watched(unet.build(signature, seed), regressions, List.of());
    }

    @Test
    void in_the_warm_up_x_is_y_itself_and_a_step_costs_one_gradient() {
        ForwardModel noise = new GaussianNoise(0.5);
        try (ObservationSet set = observed(noise, 2)) {
            Recording forward = new Recording(noise, new ArrayList<>(), new ArrayList<>());
            Trained trained = training(
                            settings(5, 5, 1, 1, 1),
                            forward,
                            new Mlp(List.of(16)),
                            new DriftSignature(new long[] {2}, 0, 0),
                            set)
                    .run(new TrainingListener() {});
            assertThat(trained.evaluationsPerItem()).isEqualTo(3);
            INDArray y = set.rows(ALL).y();
            for (int i = 0; i < 64; i++) {
                INDArray x = forward.given().get(0).getRow(i);
                assertThat(IntStream.range(0, COUNT).anyMatch(k -> y.getRow(k).equalsWithEps(x, 0)))
                        .isTrue();
            }
        }
    }

    /** Midpoint 4 is 8 calls; with a pool of a quarter, blocks are transported in steps 1, 5 and 9 of 10. */
    @Test
    void the_pool_saves_the_calls_of_what_it_keeps_and_recorruptions_share_one_x() {
        ForwardModel noise = new GaussianNoise(0.5);
        try (ObservationSet set = observed(noise, 2)) {
            DriftSignature signature = new DriftSignature(new long[] {2}, 0, 0);
            Trained pooled = training(settings(10, 0, 0.25, 1, 1), noise, new Mlp(List.of(16)), signature, set)
                    .run(new TrainingListener() {});
            assertThat(pooled.evaluationsPerItem()).isCloseTo(3 + 8 * 3 / 10.0, within(1e-9));
            Recording forward = new Recording(noise, new ArrayList<>(), new ArrayList<>());
            Trained shared = training(settings(10, 0, 1, 1, 2), forward, new Mlp(List.of(16)), signature, set)
                    .run(new TrainingListener() {});
            assertThat(shared.evaluationsPerItem()).isCloseTo(3 + 8 * 0.5, within(1e-9));
            INDArray x = forward.given().get(4);
            assertThat(x.getRow(0)).isEqualTo(x.getRow(32));
            INDArray y = forward.returned().get(4).y();
            assertThat(y.getRow(0)).isNotEqualTo(y.getRow(32));
        }
    }

    @Test
    void the_drift_is_regressed_with_the_fresh_conditioning_of_F_and_not_with_that_of_y() {
        ForwardModel mask = new RandomMask(0.5, 0);
        try (ObservationSet set = observed(mask, 2)) {
            List<Regression> regressions = new ArrayList<>();
            Recording forward = new Recording(mask, new ArrayList<>(), new ArrayList<>());
            training(
                            settings(3, 0, 1, 1, 1),
                            forward,
                            watched(regressions),
                            new DriftSignature(new long[] {2}, 0, 2),
                            set)
                    .run(new TrainingListener() {});
            for (int step = 0; step < 3; step++) {
                Observations fresh = forward.returned().get(step);
                assertThat(regressions.get(step).conditioning()).isEqualTo(fresh.conditioning());
                INDArray x = forward.given().get(step);
                INDArray t = regressions.get(step).t();
                INDArray expected = x.mulColumnVector(t.rsub(1)).addi(fresh.y().mulColumnVector(t));
                assertThat(regressions.get(step).point().equalsWithEps(expected, 1e-6))
                        .isTrue();
                assertThat(regressions
                                .get(step)
                                .velocity()
                                .equalsWithEps(fresh.y().sub(x), 1e-6))
                        .isTrue();
            }
        }
    }

    @Test
    void without_mix_in_the_pairs_have_the_real_y_and_its_own_conditioning() {
        ForwardModel mask = new RandomMask(0.5, 0);
        try (ObservationSet set = observed(mask, 2)) {
            List<Regression> regressions = new ArrayList<>();
            training(settings(2, 2, 1, 0, 1), mask, watched(regressions), new DriftSignature(new long[] {2}, 0, 2), set)
                    .run(new TrainingListener() {});
            Observations all = set.rows(ALL);
            Regression first = regressions.get(0);
            assertThat(first.velocity().amaxNumber().doubleValue())
                    .as("x is y in the warm-up, so that the real pair does not move")
                    .isZero();
            for (int i = 0; i < 64; i++) {
                INDArray y = first.point().getRow(i);
                int row = IntStream.range(0, COUNT)
                        .filter(k -> all.y().getRow(k).equalsWithEps(y, 1e-5))
                        .findFirst()
                        .orElseThrow();
                assertThat(first.conditioning().orElseThrow().getRow(i))
                        .isEqualTo(all.conditioning().orElseThrow().getRow(row));
            }
        }
    }

    @Test
    void a_loss_that_is_not_finite_sends_training_back_with_half_the_rate_twice_and_then_fails() {
        ForwardModel noise = new GaussianNoise(0.5);
        try (ObservationSet set = observed(noise, 1)) {
            List<String> events = new ArrayList<>();
            TrainingListener listener = new TrainingListener() {
                @Override
                public void wentBack(int from, int to, String reason, double factor) {
                    events.add(from + " to " + to + " at " + factor + ": " + reason);
                }
            };
            DriftSignature signature = new DriftSignature(new long[] {1}, 0, 0);
            Trained trained = training(
                            settings(150, 150, 1, 1, 1), noise, watched(new ArrayList<>(), 120, 130), signature, set)
                    .run(listener);
            assertThat(trained.steps()).isEqualTo(150);
            assertThat(events)
                    .containsExactly(
                            "120 to 100 at 0.5: loss or gradient were not finite",
                            "110 to 100 at 0.25: loss or gradient were not finite");
            SelfConsistentTraining failing =
                    training(settings(150, 150, 1, 1, 1), noise, watched(new ArrayList<>(), 3, 4, 5), signature, set);
            assertThatThrownBy(() -> failing.run(listener))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("training diverged in step 1")
                    .hasMessageContaining("train.learningRate");
        }
    }

    /** A drift that counts itself as open until it is closed. */
    private record Counted(DriftNetwork drift, AtomicInteger open) implements DriftNetwork {
        @Override
        public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
            return drift.velocity(t, x, conditioning);
        }

        @Override
        public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
            return drift.squaredError(t, x, conditioning, target);
        }

        @Override
        public INDArray parameters() {
            return drift.parameters();
        }

        @Override
        public void close() {
            open.decrementAndGet();
            drift.close();
        }
    }

    @Test
    void what_ends_training_is_thrown_with_what_fails_after_it_once_the_weights_are_offered_and_the_networks_closed() {
        IllegalStateException defect = new IllegalStateException("a defect");
        assertEndedBy(defect, () -> {
            throw defect;
        });
        OutOfMemoryError memory = new OutOfMemoryError("Java heap space");
        assertEndedBy(memory, () -> {
            throw memory;
        });
    }

    private void assertEndedBy(Throwable thrown, Runnable thrower) {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        ForwardModel failing = (x, rng) -> {
            if (calls.incrementAndGet() == 3) {
                thrower.run();
            }
            return new GaussianNoise(0.5).apply(x, rng);
        };
        List<INDArray> offered = new ArrayList<>();
        RuntimeException full = new UncheckedIOException(new IOException("No space left on device"));
        TrainingListener listener = new TrainingListener() {
            @Override
            public void failed(INDArray weights) {
                offered.add(weights.dup());
                throw full;
            }
        };
        try (ObservationSet set = observed(new GaussianNoise(0.5), 1)) {
            DriftArchitecture counted = (signature, seed) -> {
                open.incrementAndGet();
                return new Counted(new Mlp(List.of(16)).build(signature, seed), open);
            };
            SelfConsistentTraining training =
                    training(settings(5, 5, 1, 1, 1), failing, counted, new DriftSignature(new long[] {1}, 0, 0), set);
            assertThatThrownBy(() -> training.run(listener)).isSameAs(thrown).hasSuppressedException(full);
        }
        assertThat(offered).hasSize(1);
        assertThat(open).hasValue(0);
    }

    /** Blocks are transported in steps 3 and 5: the first goes on with the block that it has, and the second transports nothing again. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void what_fails_within_a_step_leaves_the_state_before_it_from_which_training_ends_as_if_nothing_had_failed(int at) {
        DriftSignature signature = new DriftSignature(new long[] {2}, 0, 0);
        Mlp mlp = new Mlp(List.of(16));
        ForwardModel noise = new GaussianNoise(0.5);
        TrainingSettings settings = settings(7, 2, 0.5, 0.9, 1);
        try (ObservationSet set = observed(noise, 2)) {
            Trained whole = training(settings, noise, mlp, signature, set).run(new TrainingListener() {});

            AtomicInteger calls = new AtomicInteger();
            ForwardModel failing = (x, rng) -> {
                if (calls.incrementAndGet() == at) {
                    throw new IllegalStateException("killed");
                }
                return noise.apply(x, rng);
            };
            List<TrainingState> saved = new ArrayList<>();
            assertThatThrownBy(() -> training(settings, failing, mlp, signature, set)
                            .run(new TrainingListener() {
                                @Override
                                public void resumable(int step, boolean last, Supplier<TrainingState> state) {
                                    if (last) {
                                        saved.add(copy(state.get()));
                                    }
                                }
                            }))
                    .hasMessage("killed");
            assertThat(saved).hasSize(1);
            assertThat(saved.get(0).step()).isEqualTo(at - 1);

            Trained resumed =
                    training(settings, noise, mlp, signature, set).goOn(saved.get(0), new TrainingListener() {});
            assertThat(resumed.drift().parameters()).isEqualTo(whole.drift().parameters());
            assertThat(resumed.evaluationsPerItem()).isEqualTo(whole.evaluationsPerItem());
        }
    }

    private static TrainingState copy(TrainingState live) {
        TreeMap<String, INDArray> arrays = new TreeMap<>();
        live.arrays().forEach((name, array) -> arrays.put(name, array.dup()));
        return TrainingState.saved(new TreeMap<>(live.numbers()), arrays);
    }

    @Test
    void a_teacher_that_is_refreshed_seldom_leaves_the_transport_at_the_identity_until_then() {
        ForwardModel noise = new GaussianNoise(0.5);
        try (ObservationSet set = observed(noise, 1)) {
            Recording forward = new Recording(noise, new ArrayList<>(), new ArrayList<>());
            TrainingSettings seldom = new TrainingSettings(
                    6,
                    64,
                    Optional.empty(),
                    4,
                    0,
                    1,
                    1,
                    1,
                    Optional.of(0),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    0,
                    true,
                    3e-2,
                    0,
                    Decay.NONE,
                    1,
                    0,
                    Selection.LAST,
                    0,
                    0,
                    60,
                    2);
            training(seldom, forward, new Mlp(List.of(16)), new DriftSignature(new long[] {1}, 0, 0), set)
                    .run(new TrainingListener() {});
            INDArray y = set.rows(ALL).y();
            assertThat(isAmong(y, forward.given().get(3).getFloat(0))).isTrue();
            assertThat(isAmong(y, forward.given().get(4).getFloat(0))).isFalse();
        }
    }

    private static boolean isAmong(INDArray values, float value) {
        return Nd4j.toFlattened(values).eq(value).any();
    }

    /** In the warm-up x is y, a window with a margin of 3; the drift is to see its middle 8 x 8, and the middle of what F makes of all of it. */
    @Test
    void with_a_margin_what_is_learned_from_is_the_middle_of_what_was_corrupted_with_its_surroundings() {
        ForwardModel blur = new GaussianBlur(1, 0);
        INDArray clean = Samples.gaussian(STREAMS.stream("clean", 0), 64, 1, 14, 14);
        try (ObservationSet set = ObservationSet.simulate(clean, blur, STREAMS, folder)) {
            List<Regression> regressions = new ArrayList<>();
            Recording forward = new Recording(blur, new ArrayList<>(), new ArrayList<>());
            new SelfConsistentTraining(
                            settings(2, 2, 1, 1, 1),
                            forward,
                            new Linear(),
                            new Midpoint(4, 1.5),
                            watchedImages(regressions),
                            new DriftSignature(new long[] {1, 8, 8}, 0, 0),
                            set,
                            IntStream.range(0, 64).toArray(),
                            3,
                            STREAMS)
                    .run(new TrainingListener() {});
            INDArray x = middle(forward.given().get(1));
            INDArray y = middle(forward.returned().get(1).y());
            INDArray t = regressions.get(1).t().reshape(64, 1, 1, 1).broadcast(64, 1, 8, 8);
            assertThat(regressions.get(1).point().equalsWithEps(x.mul(t.rsub(1)).addi(y.mul(t)), 1e-6))
                    .isTrue();
            assertThat(regressions.get(1).velocity().equalsWithEps(y.sub(x), 1e-6))
                    .isTrue();
        }
    }

    private static INDArray middle(INDArray images) {
        return images.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(3, 11),
                        NDArrayIndex.interval(3, 11))
                .dup('c');
    }
}
