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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Fields whose cosine coefficients are independent normal numbers of variance P(f) = c f^-3.5, as photographs have it, under a blur of sigma 1 and noise of .1,
 * and restored by the maps of the rounds themselves, sqrt(v_k / w) for each frequency: everything has a closed form.
 *
 * <p>A band's power has a relative standard error of sqrt(2 / (400 modes)), 1.4 % for the 26 modes of a band in the middle; the signal is the difference of
 * two such numbers.
 */
class BandPowersTest {
    private static final RandomStreams STREAMS = new RandomStreams(23);
    private static final int ITEMS = 400;
    private static final double NOISE = .01;
    private static final double ROUNDS = 70;
    private static final DoubleUnaryOperator H = f -> Math.exp(-2 * Math.PI * Math.PI * f * f);
    private static final DoubleUnaryOperator SMOOTH = f -> 1e-5 * Math.pow(Math.max(f, 1. / 32), -3.5);
    private static final DoubleUnaryOperator ROUGH = f -> .01 * Math.pow(Math.max(f, 1. / 32), -2);

    private static ScalarRounds channel(DoubleUnaryOperator clean, double f) {
        return new ScalarRounds(H.applyAsDouble(f), NOISE, clean.applyAsDouble(f));
    }

    /** v_k of a frequency. */
    private static double variance(DoubleUnaryOperator clean, double f, int meanRounds, double rounds) {
        return channel(clean, f).variance(channel(clean, f).start(meanRounds), rounds);
    }

    private static INDArray clean(DoubleUnaryOperator clean) {
        return filtered(
                Samples.gaussian(STREAMS.stream("x", 0), ITEMS, 1, SIDE, SIDE),
                filter(f -> Math.sqrt(clean.applyAsDouble(f))));
    }

    private static INDArray observed(INDArray x) {
        return blur(H, Math.sqrt(NOISE)).apply(x, STREAMS.stream("y", 0)).y();
    }

    /** Phi of round k. */
    private static INDArray restored(INDArray y, DoubleUnaryOperator clean, int meanRounds, double rounds) {
        return filtered(
                y,
                filter(f -> Math.sqrt(variance(clean, f, meanRounds, rounds)
                        / channel(clean, f).start(0))));
    }

    private static BandPowers powers(DoubleUnaryOperator clean, int meanRounds, double rounds) {
        INDArray y = observed(clean(clean));
        return powers(y, restored(y, clean, meanRounds, rounds), meanRounds, OptionalDouble.of(rounds));
    }

    private static BandPowers powers(INDArray y, INDArray restored, int meanRounds, OptionalDouble rounds) {
        return BandPowers.of(
                blur(H, Math.sqrt(NOISE)), y, restored, Optional.empty(), OptionalInt.of(meanRounds), rounds, STREAMS);
    }

    /** The share of the noise's power that is left, over all frequencies. */
    private static double left(DoubleUnaryOperator clean, int meanRounds, double rounds) {
        return IntStream.range(0, SIDE * SIDE)
                .mapToDouble(Fields::frequency)
                .map(f -> Math.max(0, variance(clean, f, meanRounds, rounds) - clean.applyAsDouble(f)) / NOISE)
                .average()
                .orElseThrow();
    }

    /** P changes by up to a factor of 8 within a band and counts as one number there: that alone takes .019 off after 5 rounds, and .010 after 70. */
    @Test
    void of_smooth_images_most_of_the_noise_is_left_from_the_identity_as_the_closed_form_says() {
        assertThat(left(SMOOTH, 0, ROUNDS)).isBetween(.5, .8);
        assertThat(powers(SMOOTH, 0, ROUNDS).left().orElseThrow()).isCloseTo(left(SMOOTH, 0, ROUNDS), within(.05));
        assertThat(powers(SMOOTH, 0, 5).left().orElseThrow()).isCloseTo(left(SMOOTH, 0, 5), within(.05));
    }

    @Test
    void after_one_or_two_mean_rounds_none_of_it_is() {
        assertThat(powers(SMOOTH, 1, ROUNDS).left().orElseThrow()).isLessThan(.02);
        assertThat(powers(SMOOTH, 2, ROUNDS).left().orElseThrow()).isLessThan(.02);
    }

    /** The highest frequencies keep all of their start, but clean items have more power there than it. */
    @Test
    void of_rough_images_the_start_is_left_where_nothing_is_seen_and_yet_no_noise_too_much() {
        BandPowers powers = powers(ROUGH, 0, ROUNDS);
        BandPower top = powers.bands().get(9);
        assertThat(top.initial().orElseThrow()).isGreaterThan(.95);
        assertThat(top.restored()).isCloseTo(NOISE, within(.05 * NOISE));
        assertThat(top.clean()).isGreaterThan(NOISE);
        assertThat(powers.left().orElseThrow()).isLessThan(.01);
    }

    @Test
    void a_band_has_the_powers_of_the_closed_form_and_its_clean_power_follows_from_y() {
        BandPowers powers = powers(SMOOTH, 0, ROUNDS);
        assertThat(powers.bands()).hasSize(10).extracting(BandPower::band).startsWith("mean", "0.00 to 0.06");
        for (BandPower band : powers.bands().subList(2, 10)) {
            assertThat(band.noise()).isCloseTo(NOISE, within(.06 * NOISE));
        }
        BandPower low = powers.bands().get(2);
        assertThat(low.initial().orElseThrow()).isLessThan(1e-3);
        assertThat(low.restored() / low.clean()).isCloseTo(1, within(.1));
        BandPower top = powers.bands().get(9);
        assertThat(top.clean())
                .as("beyond what y shows, by the power law: within a factor of 3 of c f^-3.5 at half a cycle")
                .isBetween(SMOOTH.applyAsDouble(.5) / 3, SMOOTH.applyAsDouble(.5) * 3);
        assertThat(top.initial().orElseThrow()).isGreaterThan(.95);
        assertThat(top.excess()).isCloseTo(NOISE, within(.06 * NOISE));
    }

    /** A solver that deletes what it should keep, or a network too smooth for noise, leaves none. */
    @Test
    void noise_that_is_not_in_the_restored_items_is_not_left_whatever_the_rounds() {
        INDArray x = clean(SMOOTH);
        assertThat(powers(observed(x), x, 0, OptionalDouble.of(1)).left().orElseThrow())
                .isLessThan(.03);
    }

    @Test
    void the_power_of_the_posterior_mean_stands_beside_it() {
        INDArray y = observed(clean(SMOOTH));
        BandPowers powers = BandPowers.of(
                blur(H, .1), y, y, Optional.of(y.mul(.5)), OptionalInt.of(0), OptionalDouble.of(ROUNDS), STREAMS);
        assertThat(powers.bands())
                .allSatisfy(band ->
                        assertThat(band.mean().orElseThrow() / band.observed()).isCloseTo(.25, within(1e-5)));
        assertThat(powers(y, y, 0, OptionalDouble.of(ROUNDS)).bands())
                .allMatch(band -> band.mean().isEmpty());
    }

    @Test
    void of_a_drift_that_was_not_trained_here_nothing_is_said_of_the_start() {
        INDArray y = observed(clean(SMOOTH));
        BandPowers powers = powers(y, y, 0, OptionalDouble.empty());
        assertThat(powers.left()).isEmpty();
        assertThat(powers.bands())
                .allMatch(band -> band.initial().isEmpty() && band.excess() == 0 && band.restored() > 0);
    }

    @Test
    void masks_and_clipping_are_no_scalar_channels_and_nothing_is_said_of_the_start() {
        ForwardModel mask = (x, rng) -> {
            INDArray seen = Samples.bernoulli(rng, .5, x.shape());
            return Observations.of(
                    Samples.gaussian(rng, x.shape()).muli(seen.rsub(1)).addi(x.mul(seen)), seen);
        };
        ForwardModel clip = (x, rng) -> Observations.of(Transforms.hardTanh(
                x.mul(3).addi(Samples.gaussian(rng, x.shape()).muli(.1))));
        for (ForwardModel forward : new ForwardModel[] {mask, clip}) {
            INDArray x = clean(ROUGH);
            INDArray y = forward.apply(x, STREAMS.stream("y", 1)).y();
            BandPowers powers = BandPowers.of(
                    forward, y, y, Optional.empty(), OptionalInt.of(0), OptionalDouble.of(ROUNDS), STREAMS);
            assertThat(powers.left()).isEmpty();
            assertThat(powers.bands())
                    .hasSize(10)
                    .allMatch(band -> band.initial().isEmpty());
        }
    }

    @Test
    void where_nothing_is_noisy_nothing_is_left_of_it() {
        INDArray x = clean(ROUGH);
        ForwardModel silent = (items, rng) -> Observations.of(items);
        BandPowers powers =
                BandPowers.of(silent, x, x, Optional.empty(), OptionalInt.of(0), OptionalDouble.of(ROUNDS), STREAMS);
        assertThat(powers.left()).isEmpty();
        assertThat(powers.bands()).allMatch(band -> band.initial().orElseThrow() == 0);
    }

    /** Averages of 2 x 2 blocks mix frequencies: only the lowest bands come back in their own places. */
    @Test
    void bands_that_come_back_in_others_are_left_open() {
        ForwardModel blocks = (x, rng) -> {
            long half = SIDE / 2;
            INDArray means = x.reshape('c', x.size(0), half, 2, half, 2).mean(true, 2, 4);
            return Observations.of(means.broadcast(x.size(0), half, 2, half, 2)
                    .dup('c')
                    .reshape('c', x.shape())
                    .addi(Samples.gaussian(rng, x.shape()).muli(.1)));
        };
        INDArray y = blocks.apply(clean(SMOOTH), STREAMS.stream("y", 2)).y();
        BandPowers powers =
                BandPowers.of(blocks, y, y, Optional.empty(), OptionalInt.of(0), OptionalDouble.of(ROUNDS), STREAMS);
        assertThat(powers.bands().get(1).initial()).isPresent();
        assertThat(powers.bands().subList(5, 9)).allMatch(band -> band.initial().isEmpty());
    }
}
