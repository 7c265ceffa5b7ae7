package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AveragedWeightsTest {
    @Test
    void with_decay_zero_they_are_the_live_weights() {
        INDArray theta = Nd4j.createFromArray(1f, 2f);
        AveragedWeights average = new AveragedWeights(theta.dup(), 0);
        new Adam(theta).step(theta, Nd4j.createFromArray(5f, -6f), 1, 0.1, average);
        assertThat(theta.getDouble(0)).isCloseTo(0.9, within(1e-6));
        assertThat(average.values()).isEqualTo(theta);
    }

    @Test
    void they_follow_the_recursion_whose_decay_rises_to_its_limit() {
        INDArray theta = Nd4j.createFromArray(10f);
        AveragedWeights average = new AveragedWeights(theta.dup(), 0.5);
        Adam adam = new Adam(theta);
        double expected = 10;
        for (int n = 0; n < 20; n++) {
            double d = Math.min(0.5, (1.0 + n) / (10.0 + n));
            adam.step(theta, Nd4j.createFromArray((float) (n - 5)), 1, 0.5, average);
            expected = d * expected + (1 - d) * theta.getDouble(0);
            assertThat(average.values().getDouble(0)).isCloseTo(expected, within(1e-5));
        }
    }
}
