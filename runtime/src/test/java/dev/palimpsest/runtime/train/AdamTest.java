package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdamTest {
    /** Kingma and Ba, algorithm 1, in double arithmetic. */
    @Test
    void steps_are_those_of_the_papers_algorithm() {
        double[] gradients = {0.5, -2, 0.001, 3, 3};
        double rate = 0.01;
        double theta = 1;
        double m = 0;
        double v = 0;
        INDArray parameters = Nd4j.createFromArray(1f, 1f);
        Adam adam = new Adam(parameters);
        for (int n = 1; n <= gradients.length; n++) {
            double g = gradients[n - 1];
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            theta -= rate * (m / (1 - Math.pow(0.9, n))) / (Math.sqrt(v / (1 - Math.pow(0.999, n))) + 1e-8);
            adam.step(parameters, Nd4j.createFromArray((float) g, (float) -g), rate);
            assertThat(parameters.getDouble(0)).isCloseTo(theta, within(1e-5));
            assertThat(parameters.getDouble(1)).isCloseTo(2 - theta, within(1e-5));
        }
    }
}
