package org.example.optics;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The grain of coherent light: y = (x + 1) (1 + contrast xi) - 1, with xi standard normal and x in [-1, 1] of any shape.
 *
 * @param contrast standard deviation of the intensity, relative to its mean
 */
@Doc("Multiplies the light of each pixel by 1 + contrast xi.")
public record Speckle(
        @Doc("Standard deviation of the intensity, relative to its mean.") @Range(min = 0)
        double contrast) implements ForwardModel {
    public Speckle() {
        this(.3);
    }

    public Speckle {
        Ranges.check(Speckle.class, contrast);
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        INDArray factor = Samples.gaussian(rng, x.shape()).muli(contrast).addi(1);
        return Observations.of(factor.muli(x.add(1)).subi(1));
    }
}
