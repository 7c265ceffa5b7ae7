package dev.palimpsest.plugins.masking;

import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What all masks do with the pixels they lose. */
final class Lost {
    private Lost() {}

    /**
     * y = mask (x + noise xi) + (1 - mask) filler, with xi and the filler standard normal in every channel: a pixel's one normal draw is its noise where it is
     * seen and its filler where it is lost.
     *
     * @param mask 1 where seen, 0 where lost: [N, 1, H, W] for x [N, c, H, W], or x's own shape; it becomes the conditioning
     */
    static Observations behind(INDArray mask, INDArray x, double noise, RandomGenerator rng) {
        INDArray scale = mask.mul(noise - 1).addi(1);
        INDArray y = Samples.gaussian(rng, x.shape()).muli(scale).addi(x.mul(mask));
        return Observations.of(y, mask);
    }
}
