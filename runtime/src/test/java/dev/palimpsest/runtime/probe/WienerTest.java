package dev.palimpsest.runtime.probe;

import static dev.palimpsest.runtime.probe.Fields.SIDE;
import static dev.palimpsest.runtime.probe.Fields.blur;
import static dev.palimpsest.runtime.probe.Fields.filter;
import static dev.palimpsest.runtime.probe.Fields.filtered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Fields whose cosine coefficients are independent normal numbers of variance P(f) = .01 f^-2. The best estimate has the error P R / (h^2 P + R) in each mode; the
 * squared error over 500 items of 256 modes has a relative standard error of at most sqrt(2 / 500 / 256) times a few, .01, and what the filter does not know of P
 * costs less.
 */
class WienerTest {
    private static final RandomStreams STREAMS = new RandomStreams(29);
    private static final int ITEMS = 500;
    private static final double NOISE = .3;
    private static final DoubleUnaryOperator H = f -> Math.exp(-2 * Math.PI * Math.PI * .5 * f * f);
    private static final DoubleUnaryOperator ONE = f -> 1;
    private static final DoubleUnaryOperator P = f -> .01 * Math.pow(Math.max(f, 1. / 32), -2);
    private static final INDArray CLEAN = filtered(
            Samples.gaussian(STREAMS.stream("x", 0), ITEMS, 1, SIDE, SIDE), filter(f -> Math.sqrt(P.applyAsDouble(f))));

    private static INDArray observed(ForwardModel forward, INDArray x) {
        return forward.apply(x, STREAMS.stream("y", 0)).y();
    }

    private static double error(ForwardModel forward, INDArray x) {
        INDArray y = observed(forward, x);
        INDArray rest = Wiener.of(forward, y, STREAMS).orElseThrow().estimate(y).sub(x);
        double sum = 0;
        for (float value : rest.dup('c').data().asFloat()) {
            sum += (double) value * value;
        }
        return sum / rest.length();
    }

    private static double best(DoubleUnaryOperator transfer) {
        return IntStream.range(0, SIDE * SIDE)
                .mapToDouble(Fields::frequency)
                .map(f -> {
                    double h = transfer.applyAsDouble(f);
                    double p = P.applyAsDouble(f);
                    return p * NOISE * NOISE / (h * h * p + NOISE * NOISE);
                })
                .average()
                .orElseThrow();
    }

    @Test
    void its_error_is_that_of_the_closed_form() {
        assertThat(error(blur(ONE, NOISE), CLEAN)).isCloseTo(best(ONE), within(.03 * best(ONE)));
        assertThat(error(blur(H, NOISE), CLEAN)).isCloseTo(best(H), within(.03 * best(H)));
    }

    /** F is h x / 2 + .7 + noise, so the best error is that of twice the noise. */
    @Test
    void a_mean_of_the_items_and_an_offset_of_the_forward_model_are_found() {
        ForwardModel noise = blur(ONE, NOISE / 2);
        ForwardModel dark =
                (x, rng) -> Observations.of(noise.apply(x.mul(.5), rng).y().add(.7));
        assertThat(error(dark, CLEAN.sub(3))).isCloseTo(best(ONE), within(.03 * best(ONE)));
    }

    @Test
    void what_a_blur_hides_altogether_is_left_out_and_not_blown_up() {
        DoubleUnaryOperator hard = f -> f < .25 ? 1 : 1e-6;
        assertThat(error(blur(hard, NOISE), CLEAN)).isCloseTo(best(hard), within(.03 * best(hard)));
    }

    @Test
    void there_is_none_of_forward_models_that_are_no_filter_and_noise() {
        INDArray mask = Samples.gaussian(STREAMS.stream("mask", 0), ITEMS, 1, SIDE, SIDE);
        ForwardModel told = (x, rng) -> {
            INDArray seen = Samples.gaussian(rng, x.shape()).gt(0).castTo(x.dataType());
            return Observations.of(x.mul(seen), seen);
        };
        ForwardModel clipped = (x, rng) -> Observations.of(Transforms.max(x, 0, true));
        ForwardModel turned = (x, rng) -> Observations.of(x.permute(0, 1, 3, 2).dup('c'));
        for (ForwardModel forward : new ForwardModel[] {told, clipped, turned}) {
            assertThat(Wiener.of(forward, mask, STREAMS)).isEmpty();
        }
        assertThat(Wiener.of(blur(ONE, NOISE), mask.slice(0).dup().reshape('c', 1, 1, SIDE, SIDE), STREAMS))
                .isEmpty();
    }
}
