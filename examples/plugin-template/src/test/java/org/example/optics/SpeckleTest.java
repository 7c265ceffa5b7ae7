package org.example.optics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The contract brings fifteen tests of what every forward model promises; what is below is about this one. */
public class SpeckleTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Speckle();
    }

    @Override
    public List<long[]> itemShapes() {
        return List.of(new long[] {1, 28, 28}, new long[] {3, 20, 32});
    }

    @Test
    public void darkness_has_no_speckle() {
        INDArray dark = Nd4j.valueArrayOf(new long[] {2, 1, 4, 4}, -1f);
        assertEquals(
                dark,
                new Speckle()
                        .apply(dark, RandomGeneratorFactory.of("L64X128MixRandom").create(1))
                        .y());
    }
}
