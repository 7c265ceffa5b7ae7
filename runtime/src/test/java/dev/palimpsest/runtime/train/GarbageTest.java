package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.mlp.Mlp;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.unet.UNet;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a training step allocates in Java's heap, as the JVM counts it for each thread (com.sun.management.ThreadMXBean). */
class GarbageTest {
    private static final RandomStreams STREAMS = new RandomStreams(3);
    private static final int STEPS = 32;
    private static final int FIRST = 20;

    @TempDir
    Path folder;

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private double bytesInAStep(
            int batch, int recorruptions, ForwardModel forward, DriftArchitecture drift, long[] item, int maps) {
        int count = 2 * batch;
        long[] shape = Shapes.batch(count, item);
        TrainingSettings settings = new TrainingSettings(
                STEPS,
                batch,
                Optional.empty(),
                1,
                0.9,
                0.9,
                recorruptions,
                0.25,
                Optional.of(0),
                Optional.empty(),
                Optional.empty(),
                true,
                0,
                true,
                1e-3,
                0.05,
                Decay.COSINE,
                1,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2);
        long[] marks = new long[2];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void stepped(int step, double loss, double norm, double rate) {
                if (step == FIRST || step == STEPS) {
                    marks[step == FIRST ? 0 : 1] = allocated();
                }
            }
        };
        try (ObservationSet set = ObservationSet.simulate(
                Samples.gaussian(STREAMS.stream("clean", 0), shape), forward, STREAMS, folder)) {
            new SelfConsistentTraining(
                            settings,
                            forward,
                            new Linear(),
                            new Midpoint(4, 1.5),
                            drift,
                            new DriftSignature(item, maps, 0),
                            set,
                            IntStream.range(0, count).toArray(),
                            0,
                            STREAMS)
                    .run(listener)
                    .drift()
                    .close();
        }
        return (double) (marks[1] - marks[0]) / (STEPS - FIRST);
    }

    @Test
    void a_step_of_a_perceptron_on_a_thousand_points_allocates_less_than_a_megabyte() {
        assertThat(bytesInAStep(1024, 1, new GaussianNoise(0.5), new Mlp(List.of(64, 64)), new long[] {2}, 0))
                .isLessThan(1e6);
    }

    @Test
    void a_step_of_a_perceptron_on_masked_images_allocates_less_than_a_megabyte() {
        assertThat(bytesInAStep(32, 2, new RandomMask(0.5, 0.001), new Mlp(List.of(64)), new long[] {1, 32, 32}, 1))
                .isLessThan(1e6);
    }

    @Test
    void a_step_of_a_unet_on_masked_images_allocates_less_than_a_megabyte() {
        UNet unet = new UNet(8, List.of(1, 2), 1, List.of(8));
        assertThat(bytesInAStep(32, 2, new RandomMask(0.5, 0.001), unet, new long[] {1, 16, 16}, 1))
                .isLessThan(1e6);
    }

    /** The size of the paper's batches: garbage for each item or for each block of tiles shows here. */
    @Test
    void a_step_of_a_unet_on_a_large_batch_allocates_less_than_a_megabyte() {
        UNet unet = new UNet(8, List.of(1, 1), 1, List.of());
        assertThat(bytesInAStep(256, 4, new RandomMask(0.5, 0.001), unet, new long[] {1, 32, 32}, 1))
                .isLessThan(1e6);
    }

    /** Each INDArray takes the next number when it is made; so all that are made between two of our own can be counted, views and those that are freed at once too. */
    private static long arraysMadeBy(Runnable work) {
        long before = Nd4j.scalar(0f).getId();
        work.run();
        return Nd4j.scalar(0f).getId() - before - 1;
    }

    private static void requireThatOnlyTheVelocityIsAllocated(DriftArchitecture drift, long[] item, int maps) {
        int items = 300;
        INDArray t = Samples.uniform(STREAMS.stream("t", 0), items);
        INDArray x = Samples.gaussian(STREAMS.stream("x", 0), Shapes.batch(items, item));
        INDArray target = Samples.gaussian(STREAMS.stream("target", 0), Shapes.batch(items, item));
        Optional<INDArray> conditioning = maps == 0
                ? Optional.empty()
                : Optional.of(Samples.uniform(STREAMS.stream("known", 0), items, maps, item[1], item[2]));
        try (DriftNetwork network = drift.build(new DriftSignature(item, maps, 0), 1)) {
            Runnable gradient = () -> network.squaredError(t, x, conditioning, target);
            Runnable velocity = () -> network.velocity(t, x, conditioning).close();
            gradient.run();
            velocity.run();
            assertThat(arraysMadeBy(gradient)).as("arrays in a gradient").isZero();
            assertThat(arraysMadeBy(velocity))
                    .as("arrays in a forward pass: its result")
                    .isEqualTo(1);
        }
    }

    @Test
    void a_gradient_of_a_perceptron_allocates_no_array_after_the_first() {
        requireThatOnlyTheVelocityIsAllocated(new Mlp(List.of(64, 64)), new long[] {2}, 0);
        requireThatOnlyTheVelocityIsAllocated(new Mlp(List.of(64)), new long[] {1, 8, 8}, 1);
    }

    @Test
    void a_gradient_of_a_unet_allocates_no_array_after_the_first() {
        requireThatOnlyTheVelocityIsAllocated(new UNet(8, List.of(1, 2), 1, List.of(8)), new long[] {1, 16, 16}, 1);
    }
}
