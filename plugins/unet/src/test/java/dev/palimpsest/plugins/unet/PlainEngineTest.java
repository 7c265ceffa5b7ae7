package dev.palimpsest.plugins.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class PlainEngineTest {
    /**
     * Every layer's weights lie in some part of the gradient, so that a small wrong part cannot hide. Where a part's terms cancel, their rounding stays: no part is
     * taken to be smaller than its share in the whole.
     */
    private static final int PARTS = 50;

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(6);

    /**
     * A float32 sum of n terms has a relative error of about 6e-8 sqrt(n), 2e-6 for the longest here (n = 9 x 128), and the fused kernels take e^x within
     * 4e-6; over some 40 layers, one after another, such errors of random signs grow by sqrt(40), to 2.5e-5;
     * four times that.
     */
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 4, 1, 8, 8, 0, 0, 3",
        "4, 2, 1, 4, 3, 8, 8, 1, 0, 3",
        "4, 2, 1, 8, 1, 8, 8, 0, 5, 3",
        "8, 2, 2, 4, 2, 6, 10, 0, 0, 2",
        "6, 3, 1, 2, 1, 7, 5, 2, 0, 1",
        "6, 1, 1, 1, 1, 1, 1, 0, 1, 1",
        "64, 2, 1, 8, 3, 16, 16, 0, 0, 2"
    })
    void velocity_loss_and_gradient_are_those_of_the_fused_kernels(
            int channels,
            int last,
            int blocks,
            int attention,
            long colours,
            long height,
            long width,
            int maps,
            int size,
            long items) {
        UNet unet = new UNet(channels, List.of(1, last), blocks, List.of(attention));
        DriftSignature signature = new DriftSignature(new long[] {colours, height, width}, maps, size);
        try (DriftNetwork fused = unet.build(signature, 1);
                DriftNetwork plain = plain(unet, signature)) {
            assertThat(plain.parameters().toFloatVector())
                    .isEqualTo(fused.parameters().toFloatVector());
            fused.parameters()
                    .addi(Samples.gaussian(rng, fused.parameters().length()).mul(0.1));
            plain.parameters().assign(fused.parameters());

            INDArray t = Samples.uniform(rng, items);
            INDArray x = Samples.gaussian(rng, items, colours, height, width);
            INDArray target = Samples.gaussian(rng, items, colours, height, width);
            Optional<INDArray> conditioning = Optional.empty();
            if (maps > 0) {
                conditioning = Optional.of(Samples.gaussian(rng, items, maps, height, width));
            } else if (size > 0) {
                conditioning = Optional.of(Samples.gaussian(rng, items, size));
            }
            INDArray velocity = fused.velocity(t, x, conditioning);
            close(plain.velocity(t, x, conditioning), velocity, norm(velocity));
            LossGradient expected = fused.squaredError(t, x, conditioning, target);
            LossGradient found = plain.squaredError(t, x, conditioning, target);
            assertThat(found.loss()).isCloseTo(expected.loss(), within(TOLERANCE * expected.loss()));
            double share = norm(expected.gradient()) / Math.sqrt(PARTS);
            for (int part = 0; part < PARTS; part++) {
                INDArray wanted = part(expected.gradient(), part);
                close(part(found.gradient(), part), wanted, Math.max(share, norm(wanted)));
            }
        }
    }

    private static INDArray part(INDArray vector, int part) {
        return vector.get(NDArrayIndex.interval(vector.length() * part / PARTS, vector.length() * (part + 1) / PARTS));
    }

    private static double norm(INDArray array) {
        return array.norm2Number().doubleValue();
    }

    private static void close(INDArray found, INDArray expected, double scale) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertThat(norm(found.sub(expected))).isLessThan(TOLERANCE * scale);
    }

    private static DriftNetwork plain(UNet unet, DriftSignature signature) {
        System.setProperty(FusedKernels.PROPERTY, "false");
        try {
            return unet.build(signature, 1);
        } finally {
            System.clearProperty(FusedKernels.PROPERTY);
        }
    }
}
