package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.noise.Linear;
import dev.palimpsest.plugins.noise.PoissonNoise;
import dev.palimpsest.plugins.tomography.RandomProjection;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tolerances: 4096 items in 2 dimensions give a standard deviation within 1/sqrt(2 * 8192) = .8 % (one standard error), a mean within 1.1 %. */
class ProbeTest {
    private static final RandomStreams STREAMS = new RandomStreams(5);
    private static final int ITEMS = 4096;

    private static Probe probed(ForwardModel forward, INDArray x) {
        return Probe.of(forward, forward.apply(x, STREAMS.stream("y", 0)), STREAMS);
    }

    private static INDArray items(double mean, double deviation, long... shape) {
        return Samples.gaussian(STREAMS.stream("x", 0), shape).mul(deviation).add(mean);
    }

    @Test
    void additive_noise_is_found_with_the_deviation_and_the_mean_of_what_was_never_seen() {
        Probe probe = probed(new GaussianNoise(.5), items(1, 2, ITEMS, 2));
        assertThat(probe.channel().gain()).isEqualTo(1, within(1e-5));
        assertThat(probe.channel().noise()).isEqualTo(.5, within(.005));
        assertThat(probe.channel().lost()).isZero();
        assertThat(probe.coordinatewise()).isTrue();
        assertThat(probe.deviation().getAsDouble()).isEqualTo(2, within(.07));
        assertThat(probe.offset().getAsDouble()).isEqualTo(.5, within(.05));
        assertThat(probe.destroyed()).isZero();
        assertThat(probe.fixedInData()).isFalse();
    }

    @Test
    void a_negative_gain_is_found_with_its_sign() {
        Probe probe = probed(new Linear(-.7, .3), items(1, 1, ITEMS, 2));
        assertThat(probe.channel().gain()).isEqualTo(-.7, within(1e-5));
        assertThat(probe.channel().noise()).isEqualTo(.3, within(.003));
        assertThat(probe.deviation().getAsDouble()).isEqualTo(1, within(.05));
        assertThat(probe.offset().getAsDouble()).isEqualTo(1, within(.07));
    }

    @Test
    void a_random_mask_is_a_coordinate_that_is_lost_now_and_then() {
        Probe probe = probed(new RandomMask(.25, .1), items(0, 1.5, 256, 1, 16, 16));
        assertThat(probe.channel().lost()).isEqualTo(.25, within(.005));
        assertThat(probe.channel().gain()).isEqualTo(1, within(1e-4));
        assertThat(probe.channel().noise()).isEqualTo(.1, within(.003));
        assertThat(probe.channel().filler()).isEqualTo(1, within(.01));
        assertThat(probe.coordinatewise()).isTrue();
        assertThat(probe.deviation().getAsDouble()).isEqualTo(1.5, within(.03));
        assertThat(probe.destroyed()).isZero();
        assertThat(probe.fixedInData()).isFalse();
    }

    @Test
    void poisson_noise_has_the_variance_of_its_counts_and_no_crosstalk() {
        // photons at x = .2: peak (x + 1) / 2, so that the variance of y is 4 (x + 1) / 2 / peak
        Probe probe = probed(new PoissonNoise(200), items(.2, .05, ITEMS, 4));
        assertThat(probe.channel().gain()).isEqualTo(1, within(.03));
        assertThat(probe.channel().noise()).isEqualTo(Math.sqrt(4 * .6 / 200), within(.005));
        assertThat(probe.coordinatewise()).isTrue();
    }

    @Test
    void one_fixed_mask_destroys_the_coordinate_that_it_hides() {
        ForwardModel fixed = (x, rng) -> {
            INDArray mask = Nd4j.createFromArray(new float[] {1, 0});
            INDArray filler = Samples.gaussian(rng, x.shape());
            INDArray y = x.mulRowVector(mask).addi(filler.muliRowVector(mask.rsub(1)));
            return new Observations(y, Optional.of(Nd4j.ones(x.size(0), 1).mmul(mask.reshape(1, 2))));
        };
        Probe probe = probed(fixed, items(0, 1, ITEMS, 2));
        assertThat(probe.destroyed()).isEqualTo(1);
        assertThat(probe.fixedInData() && probe.fixedInCalls()).isTrue();
    }

    @Test
    void a_direction_across_the_coordinates_that_is_destroyed_is_found_too() {
        // both coordinates of y are the mean of those of x, as grey-scale is of colours
        ForwardModel mean = (x, rng) -> new Observations(
                x.mmul(Nd4j.create(new float[][] {{.5f, .5f}, {.5f, .5f}}))
                        .add(Samples.gaussian(rng, x.shape()).mul(.1)),
                Optional.empty());
        Probe probe = probed(mean, items(0, 1, ITEMS, 2));
        assertThat(probe.destroyed()).isEqualTo(1);
        assertThat(probe.coordinatewise()).isFalse();
        assertThat(probe.deviation()).isEmpty();
    }

    @Test
    void pure_noise_destroys_everything() {
        Probe probe = probed(new Linear(0, 1), items(0, 1, ITEMS, 3));
        assertThat(probe.destroyed()).isEqualTo(3);
        assertThat(probe.deviation()).isEmpty();
    }

    @Test
    void observations_of_one_mask_are_told_from_calls_with_fresh_ones() {
        ForwardModel fresh = new RandomMask(.5, .1);
        INDArray x = items(0, 1, ITEMS, 2);
        INDArray mask = Nd4j.ones(ITEMS, 1).mmul(Nd4j.createFromArray(new float[][] {{1, 0}}));
        Probe probe = Probe.of(fresh, new Observations(x, Optional.of(mask)), STREAMS);
        assertThat(probe.fixedInData()).isTrue();
        assertThat(probe.fixedInCalls()).isFalse();
    }

    /** 128 images of 1024 pixels: the mean square of 1024 sample means is not 0, but it is not an offset either. */
    @Test
    void the_offset_of_many_coordinates_without_a_mean_is_near_zero() {
        Probe probe = probed(new Linear(-1, 1), items(0, 1, 128, 1, 32, 32));
        assertThat(probe.offset().getAsDouble()).isLessThan(.05);
        assertThat(probe.error()).isLessThan(.02);
    }

    @Test
    void a_filler_of_zeros_is_a_coordinate_that_is_lost_too() {
        ForwardModel zeros = (x, rng) -> {
            INDArray seen = Samples.bernoulli(rng, .5, x.shape());
            return new Observations(x.mul(seen), Optional.of(seen));
        };
        Probe probe = probed(zeros, items(0, 1, ITEMS, 2));
        assertThat(probe.channel().lost()).isEqualTo(.5, within(.01));
        assertThat(probe.channel().filler()).isZero();
        assertThat(probe.deviation().getAsDouble()).isEqualTo(1, within(.05));
    }

    /** y = U U^T x + noise in the seen direction + a filler of 1 across it, the direction known: a coordinate answers to the other with cos sin, .35 on average. */
    @Test
    void random_directions_couple_the_coordinates_although_their_mean_does_not() {
        Probe probe = probed(new RandomProjection(1, .1), items(0, 1, ITEMS, 2));
        assertThat(probe.affine()).isTrue();
        assertThat(probe.coordinatewise()).isFalse();
        assertThat(probe.deviation()).isEmpty();
    }
}
