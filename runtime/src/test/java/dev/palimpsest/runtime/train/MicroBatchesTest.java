package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.mlp.Mlp;
import dev.palimpsest.plugins.unet.UNet;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class MicroBatchesTest {
    private static final RandomStreams STREAMS = new RandomStreams(11);

    /** Sums of float32 in another order: 1e-5 of the gradient's norm. */
    private static void agrees(DriftNetwork network, Optional<INDArray> conditioning, int most, long... shape) {
        network.parameters()
                .addi(Samples.gaussian(
                                STREAMS.stream("weights", 0),
                                network.parameters().length())
                        .muli(0.1));
        Interpolation i = new Interpolation(
                Samples.uniform(STREAMS.stream("t", 0), shape[0]),
                Samples.gaussian(STREAMS.stream("x", 0), shape),
                Samples.gaussian(STREAMS.stream("target", 0), shape));
        LossGradient error = network.squaredError(i.t(), i.point(), conditioning, i.velocity());
        INDArray whole = error.gradient().dup();
        LossGradient parts = new MicroBatches(most).squaredError(network, i, conditioning);
        assertThat(parts.loss()).isCloseTo(error.loss(), within(1e-6 * error.loss()));
        assertThat(parts.gradient().sub(whole).norm2Number().doubleValue())
                .isLessThan(1e-5 * whole.norm2Number().doubleValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 10, 20})
    void a_perceptrons_gradient_of_a_batch_is_that_of_its_parts(int most) {
        try (DriftNetwork network = new Mlp(List.of(16, 16)).build(new DriftSignature(new long[] {5}, 0, 3), 1)) {
            agrees(network, Optional.of(Samples.gaussian(STREAMS.stream("known", 0), 10, 3)), most, 10, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void a_u_nets_gradient_of_a_batch_is_that_of_its_parts(int most) {
        UNet unet = new UNet(8, List.of(1, 2), 1, List.of());
        try (DriftNetwork network = unet.build(new DriftSignature(new long[] {2, 8, 8}, 1, 0), 1)) {
            agrees(network, Optional.of(Samples.gaussian(STREAMS.stream("known", 0), 7, 1, 8, 8)), most, 7, 2, 8, 8);
        }
    }
}
