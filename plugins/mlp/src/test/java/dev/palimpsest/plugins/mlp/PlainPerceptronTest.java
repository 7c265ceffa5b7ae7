package dev.palimpsest.plugins.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.Collections;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class PlainPerceptronTest {
    /** A float32 sum of n terms has a relative error of about 6e-8 sqrt(n), 2e-6 for the longest here (n = 600 items), and there are up to eight in a row. */
    private static final double TOLERANCE = 5e-6;

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(6);

    @ParameterizedTest
    @CsvSource({"0, 1, 2, 1, 3", "1, 1, 1, 0, 1", "3, 16, 2, 3, 5", "3, 256, 2, 0, 600", "2, 70, 75, 40, 257"})
    void velocity_loss_and_gradient_are_those_of_the_fused_kernels(
            int layers, int width, long values, int conditions, long items) {
        Mlp mlp = new Mlp(Collections.nCopies(layers, width));
        DriftSignature signature = new DriftSignature(new long[] {values}, 0, conditions);
        DriftNetwork fused = mlp.build(signature, 1);
        DriftNetwork plain = plain(mlp, signature);
        assertThat(plain.parameters().toFloatVector())
                .isEqualTo(fused.parameters().toFloatVector());
        fused.parameters()
                .addi(Samples.gaussian(rng, fused.parameters().length()).mul(0.1));
        plain.parameters().assign(fused.parameters());

        INDArray t = Samples.uniform(rng, items);
        INDArray x = Samples.gaussian(rng, items, values);
        INDArray target = Samples.gaussian(rng, items, values);
        Optional<INDArray> conditioning =
                conditions > 0 ? Optional.of(Samples.gaussian(rng, items, conditions)) : Optional.empty();
        close(plain.velocity(t, x, conditioning), fused.velocity(t, x, conditioning));
        LossGradient expected = fused.squaredError(t, x, conditioning, target);
        LossGradient found = plain.squaredError(t, x, conditioning, target);
        assertThat(found.loss()).isCloseTo(expected.loss(), within(TOLERANCE * expected.loss()));
        close(found.gradient(), expected.gradient());
    }

    private static void close(INDArray found, INDArray expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        double error = found.sub(expected).norm2Number().doubleValue();
        assertThat(error).isLessThan(TOLERANCE * expected.norm2Number().doubleValue());
    }

    private static DriftNetwork plain(Mlp mlp, DriftSignature signature) {
        System.setProperty(FusedKernels.PROPERTY, "false");
        try {
            return mlp.build(signature, 1);
        } finally {
            System.clearProperty(FusedKernels.PROPERTY);
        }
    }
}
