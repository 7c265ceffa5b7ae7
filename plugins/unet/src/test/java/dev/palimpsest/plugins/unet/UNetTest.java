package dev.palimpsest.plugins.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Samples;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UNetTest {
    private static final UNet SMALL = new UNet(4, List.of(1, 2), 1, List.of(4));

    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(5);

    /** Inputs of a batch, for a signature. */
    private record Batch(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        INDArray velocity(DriftNetwork network) {
            return network.velocity(t, x, conditioning);
        }

        LossGradient error(DriftNetwork network) {
            return network.squaredError(t, x, conditioning, target);
        }
    }

    private Batch batch(DriftSignature signature, long items) {
        long[] s = signature.itemShape();
        Optional<INDArray> conditioning = Optional.empty();
        if (signature.conditioningMaps() > 0) {
            conditioning = Optional.of(Samples.gaussian(rng, items, signature.conditioningMaps(), s[1], s[2]));
        } else if (signature.conditioningSize() > 0) {
            conditioning = Optional.of(Samples.gaussian(rng, items, signature.conditioningSize()));
        }
        return new Batch(
                Samples.uniform(rng, items),
                Samples.gaussian(rng, items, s[0], s[1], s[2]),
                conditioning,
                Samples.gaussian(rng, items, s[0], s[1], s[2]));
    }

    private static DriftSignature images(long channels, long height, long width, int maps, int size) {
        return new DriftSignature(new long[] {channels, height, width}, maps, size);
    }

    /** A network none of whose weights is at its start, so that no gradient vanishes. */
    private DriftNetwork perturbed(UNet unet, DriftSignature signature) {
        DriftNetwork network = unet.build(signature, 1);
        network.parameters()
                .addi(Samples.gaussian(rng, network.parameters().length()).mul(0.1));
        return network;
    }

    /**
     * Along a direction d, (L(p + h d) - L(p - h d)) / 2h differs from d . grad L by O(h^2) and by float32's rounding of the loss, about
     * 1e-6 L / h. With d of length 1 along the gradient plus noise, and h = .01, both are below one percent of the derivative.
     */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 4, 1, 8, 8, 0, 0",
        "4, 2, 1, 4, 3, 8, 8, 1, 0",
        "4, 2, 1, 8, 1, 8, 8, 0, 5",
        "8, 2, 2, 4, 2, 6, 10, 0, 0",
        "6, 3, 1, 2, 1, 7, 5, 2, 0"
    })
    void the_gradient_is_that_of_finite_differences(
            int channels,
            int last,
            int blocks,
            int attention,
            long colours,
            long height,
            long width,
            int maps,
            int size) {
        DriftSignature signature = images(colours, height, width, maps, size);
        try (DriftNetwork network =
                perturbed(new UNet(channels, List.of(1, last), blocks, List.of(attention)), signature)) {
            Batch batch = batch(signature, 3);
            INDArray gradient = batch.error(network).gradient().dup();
            INDArray parameters = network.parameters();
            INDArray start = parameters.dup();
            double h = 0.01;
            for (int trial = 0; trial < 4; trial++) {
                INDArray direction = Samples.gaussian(rng, gradient.length());
                direction.divi(direction.norm2Number());
                direction.addi(gradient.div(gradient.norm2Number()));
                direction.divi(direction.norm2Number());
                parameters.assign(start.add(direction.mul(h)));
                double above = batch.error(network).loss();
                parameters.assign(start.sub(direction.mul(h)));
                double below = batch.error(network).loss();
                double expected = Nd4j.getBlasWrapper().dot(direction, gradient);
                assertThat((above - below) / (2 * h)).isCloseTo(expected, within(0.01 * Math.abs(expected)));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
