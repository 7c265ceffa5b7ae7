package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.train.AdamStep.Factors;
import dev.palimpsest.runtime.train.AdamStep.Vectors;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class AdamStepTest {
    private static final RandomStreams STREAMS = new RandomStreams(5);
    private static final int STEPS = 7;

    private static INDArray gradient(int step, int length) {
        return Samples.gaussian(STREAMS.stream("gradient", step), length);
    }

    private static double decay(int step) {
        return 0.1 * step;
    }

    /** Theta, m, v and w after some steps. */
    private static Vectors taken(AdamStep way, int length) {
        Vectors vectors = new Vectors(
                Samples.gaussian(STREAMS.stream("theta", 0), length),
                Nd4j.zeros(length),
                Nd4j.zeros(length),
                Nd4j.zeros(length),
                Optional.of(Samples.gaussian(STREAMS.stream("average", 0), length)));
        for (int step = 1; step <= STEPS; step++) {
            vectors.gradient().assign(gradient(step, length));
            way.take(vectors, new Factors(0.3, 0.01, step, decay(step)));
        }
        return vectors;
    }

    /** Every number of the vectors against the formula in double precision; float32 rounds numbers of order 1 by 6e-8 in each of some ten operations. */
    private static void agreesWithTheFormula(Vectors vectors, int length, double ofSecondMoment) {
        INDArray start = Samples.gaussian(STREAMS.stream("theta", 0), length);
        INDArray startOfAverage = Samples.gaussian(STREAMS.stream("average", 0), length);
        for (int i = 0; i < length; i += length / 100) {
            double theta = start.getDouble(i);
            double average = startOfAverage.getDouble(i);
            double m = 0;
            double v = 0;
            for (int step = 1; step <= STEPS; step++) {
                double g = 0.3 * gradient(step, length).getDouble(i);
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                double rate = 0.01 * Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step));
                theta -= rate * m / (Math.sqrt(v) + 1e-8);
                average = decay(step) * average + (1 - decay(step)) * theta;
            }
            assertThat(vectors.theta().getDouble(i)).isCloseTo(theta, within(2e-6));
            assertThat(vectors.firstMoment().getDouble(i)).isCloseTo(m, within(1e-6));
            assertThat(vectors.secondMoment().getDouble(i)).isCloseTo(v, within(ofSecondMoment * v));
            assertThat(vectors.average().orElseThrow().getDouble(i)).isCloseTo(average, within(2e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 4096, 10_001})
    void the_fused_step_is_the_formula_at_any_length(int length) {
        agreesWithTheFormula(taken(new FusedAdamStep(), length), length, 1e-6);
    }

    /** ND4J computes 1 - beta2 in float32, where it is 1.3e-5 too small, relatively. */
    @ParameterizedTest
    @ValueSource(ints = {100, 10_001})
    void nd4js_operations_are_the_formula_too(int length) {
        agreesWithTheFormula(taken(new Nd4jAdamStep(), length), length, 2e-5);
    }

    @Test
    void the_bits_do_not_depend_on_the_number_of_threads() throws Exception {
        Vectors usual = taken(new FusedAdamStep(), 50_000);
        ForkJoinPool alone = new ForkJoinPool(1);
        try {
            Vectors inOne =
                    alone.submit(() -> taken(new FusedAdamStep(), 50_000)).get();
            assertThat(inOne.theta()).isEqualTo(usual.theta());
            assertThat(inOne.average()).isEqualTo(usual.average());
        } finally {
            alone.shutdown();
        }
    }

    @Test
    void weights_that_are_part_of_another_array_are_moved_by_nd4j() {
        INDArray all = Nd4j.zeros(20);
        INDArray part = all.get(NDArrayIndex.interval(10, 20));
        assertThat(AdamStep.on(part)).isInstanceOf(Nd4jAdamStep.class);
        assertThat(AdamStep.on(all)).isInstanceOf(FusedAdamStep.class);
        new Adam(part).step(part, Nd4j.ones(10), 0.5);
        assertThat(all.get(NDArrayIndex.interval(0, 10))).isEqualTo(Nd4j.zeros(10));
        assertThat(part.sub(-0.5).amaxNumber().doubleValue()).isLessThan(1e-6);
    }

    @Test
    void the_property_palimpsest_fused_false_chooses_nd4j() {
        System.setProperty("palimpsest.fused", "false");
        try {
            assertThat(AdamStep.on(Nd4j.zeros(3))).isInstanceOf(Nd4jAdamStep.class);
        } finally {
            System.clearProperty("palimpsest.fused");
        }
    }
}
