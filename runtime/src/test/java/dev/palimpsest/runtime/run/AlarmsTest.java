package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.probe.BandPowers;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.ScalarChannel;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Clean items are N(1, 1) in two dimensions, observations have noise of .5 on top, and 4000 of them are held out. */
class AlarmsTest {
    private static final RandomStreams STREAMS = new RandomStreams(11);
    private static final int ITEMS = 4000;
    private static final INDArray CLEAN =
            Samples.gaussian(STREAMS.stream("x", 0), ITEMS, 2).add(1);
    private static final Probe NOISE = probe(1, OptionalDouble.of(1), 0, false, 0);

    private static Probe probe(double gain, OptionalDouble s, int destroyed, boolean fixed, double lost) {
        return new Probe(
                new ScalarChannel(gain, .5, lost, 1),
                s.isPresent(),
                true,
                s,
                s.isPresent() ? OptionalDouble.of(1) : s,
                .01,
                2,
                destroyed,
                fixed,
                fixed && destroyed > 0);
    }

    private static INDArray noisy(INDArray x, int draw) {
        return x.add(Samples.gaussian(STREAMS.stream("noise", draw), x.shape()).mul(.5));
    }

    /** The alarms of a result whose restored items are the clean ones, scaled about their mean and shifted. */
    private static List<String> after(Probe probe, double scale, double shift) {
        INDArray restored = CLEAN.sub(1).mul(scale).add(1 + shift);
        INDArray y = noisy(CLEAN, 0);
        return after(probe, new HeldOut(y, Optional.empty(), restored, noisy(restored, 1), y, Optional.empty()));
    }

    private static List<String> after(Probe probe, HeldOut heldOut) {
        return Alarms.after(probe, heldOut, () -> Residual.of(heldOut, STREAMS.stream("residual", 0)));
    }

    private static List<String> before(Probe probe, double solver) {
        return Alarms.before(probe, OptionalDouble.of(solver), () -> Optional.of("solver=\"midpoint\" would not"));
    }

    @Test
    void a_good_result_of_a_good_recipe_raises_none() {
        assertThat(before(NOISE, 1.0004)).isEmpty();
        assertThat(after(NOISE, 1, 0)).isEmpty();
        assertThat(after(probe(1, OptionalDouble.empty(), 0, false, 0), 1, 0)).isEmpty();
    }

    @Test
    void a_variance_that_collapses_is_told_with_what_is_left_of_it() {
        assertThat(after(NOISE, .6, 0))
                .singleElement()
                .asString()
                .matches(".*variance collapses.* (0.59|0.60|0.61) of .*solver.*");
        assertThat(after(probe(1, OptionalDouble.empty(), 0, false, 0), .6, 0))
                .as("also where only F(Phi(y)) and y can be compared: sqrt((.36 + .25) / 1.25) = .70")
                .singleElement()
                .asString()
                .matches(".*variance collapses.* (0.69|0.70|0.71) of .*");
    }

    @Test
    void noise_that_is_left_in_is_told() {
        assertThat(after(NOISE, 1.3, 0))
                .singleElement()
                .asString()
                .matches(".*noise is left in.* (1.29|1.30|1.31) of .*train longer.*");
    }

    @Test
    void a_mean_that_drifts_is_told_and_diverges_where_the_gain_is_negative() {
        assertThat(after(NOISE, 1, .6)).singleElement().asString().contains("mean drifts", "0.6");
        assertThat(after(probe(-1, OptionalDouble.of(1), 0, false, 0), 1, .6))
                .anyMatch(alarm -> alarm.contains("mean drifts") && alarm.contains("diverges"));
        assertThat(before(probe(-1, OptionalDouble.of(1), 0, false, 0), 1))
                .singleElement()
                .asString()
                .contains("the mean diverges", "-1.000", "return -y");
    }

    @Test
    void with_a_negative_gain_a_mean_of_zero_is_told_to_be_unstable() {
        Probe centred = new Probe(
                new ScalarChannel(-1, .5, 0, 1),
                true,
                true,
                OptionalDouble.of(1),
                OptionalDouble.of(0),
                .01,
                2,
                0,
                false,
                false);
        assertThat(before(centred, 1)).singleElement().asString().contains("unstable", "return -y");
    }

    @Test
    void what_is_not_a_number_does_not_pass_for_good() {
        INDArray broken = CLEAN.dup().putScalar(7, Float.NaN);
        HeldOut heldOut = new HeldOut(CLEAN, Optional.empty(), broken, broken, CLEAN, Optional.empty());
        assertThat(Alarms.after(NOISE, heldOut, Optional::empty))
                .singleElement()
                .asString()
                .contains("not finite");
    }

    @Test
    void constant_observations_and_a_single_item_raise_no_nonsense() {
        INDArray constant = CLEAN.mul(0);
        assertThat(after(
                        probe(1, OptionalDouble.empty(), 0, false, 0),
                        new HeldOut(constant, Optional.empty(), constant, constant, constant, Optional.empty())))
                .isEmpty();
        INDArray one = Samples.gaussian(STREAMS.stream("one", 0), 1, 2);
        assertThat(after(NOISE, new HeldOut(one, Optional.empty(), one, one.add(9), one, Optional.empty())))
                .isEmpty();
    }

    @Test
    void a_solver_that_gives_up_is_told() {
        assertThat(Alarms.before(NOISE, OptionalDouble.empty(), Optional::empty))
                .singleElement()
                .asString()
                .contains("gives up", "more steps");
    }

    /** A hundredth of the spread of 784 equal pixels is far above chance, though not of one. */
    @Test
    void the_spread_of_images_is_judged_by_how_items_differ_and_not_as_if_they_had_one_pixel() {
        INDArray images = Samples.gaussian(STREAMS.stream("images", 0), 400, 1, 28, 28);
        Probe probe = new Probe(
                new ScalarChannel(1, 1, 0, 1),
                true,
                true,
                OptionalDouble.of(1),
                OptionalDouble.of(0),
                .01,
                784,
                0,
                false,
                false);
        INDArray restored = images.mul(.8);
        INDArray y = images.add(Samples.gaussian(STREAMS.stream("noise", 7), 400, 1, 28, 28));
        assertThat(after(probe, new HeldOut(y, Optional.empty(), restored, y, y, Optional.empty())))
                .anyMatch(alarm -> alarm.contains("variance collapses"));
    }

    @Test
    void a_solver_that_loses_more_than_two_percent_is_told_with_a_better_setting() {
        assertThat(before(NOISE, .985)).isEmpty();
        assertThat(before(NOISE, .975)).singleElement().asString().contains("deletes detail", "0.975", "midpoint");
        assertThat(before(NOISE, 0)).singleElement().asString().contains("0.000");
        assertThat(before(NOISE, 1.05)).singleElement().asString().contains("leaves noise", "1.050");
    }

    @Test
    void directions_that_are_destroyed_are_told_before_and_a_small_residual_after() {
        Probe blind = probe(1, OptionalDouble.of(1), 1, false, 0);
        assertThat(before(blind, 1))
                .singleElement()
                .asString()
                .contains("destroys 1 of 2 directions", "not recoverable");
        assertThat(after(blind, 1, 0)).singleElement().asString().contains("the residual is small", "1 of 2");
        assertThat(before(probe(1, OptionalDouble.of(1), 1, true, .5), 1))
                .singleElement()
                .asString()
                .contains("the same in all observations", "fresh");
    }

    /** Nine tenths of the modes hold so much of the noise. */
    private static Optional<String> initial(double excess) {
        return Alarms.initial(
                new BandPowers(List.of(
                        new BandPower("low", 10, 5, 1, 4, 4, OptionalDouble.empty(), OptionalDouble.of(0), 0),
                        new BandPower("high", 90, 1, 1, 0, 1, OptionalDouble.empty(), OptionalDouble.of(1), excess))),
                OptionalDouble.of(65));
    }

    @Test
    void noise_that_the_rounds_cannot_have_removed_is_told_with_how_much_and_what_to_do() {
        assertThat(initial(.7)).get().asString().contains("65 at most", "63 %", "train.meanRounds", "--estimate mean");
        assertThat(initial(.12)).get().asString().contains("11 %");
        assertThat(initial(.1)).isEmpty();
    }

    @Test
    void checkpoints_that_are_judged_by_chance_are_told() {
        assertThat(Alarms.checkpoints(residual(.4)))
                .get()
                .asString()
                .contains("p = 0.40", "train.select", "data.holdOut");
        assertThat(Alarms.checkpoints(residual(.05))).isEmpty();
    }

    private static Residual residual(double p) {
        return new Residual(0, .001, p, OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static Optional<String> unpaid(String metric, double simple) {
        return Alarms.unpaid(List.of(
                row("observed", metric, 20),
                row("wiener", metric, 30),
                row("total-variation", metric, simple),
                row("restored", metric, 31),
                row("mean", metric, 34)));
    }

    private static SimpleScore row(String name, String metric, double value) {
        return new SimpleScore(name, 200, Map.of(metric, value), "");
    }

    @Test
    void a_simple_estimate_that_beats_what_was_learned_by_a_tenth_of_a_decibel_is_told() {
        assertThat(unpaid("psnr", 34.09)).isEmpty();
        assertThat(unpaid("psnr", 34.11))
                .get()
                .asString()
                .contains("total-variation", "psnr of 34.11 dB on 200", "34.00 (mean)", "train longer");
        assertThat(unpaid("pooled-psnr", 36)).get().asString().contains("pooled-psnr of 36.00");
        assertThat(unpaid("ssim", 36)).as("decibels only").isEmpty();
        assertThat(Alarms.unpaid(List.of())).isEmpty();
    }

    /** Where the page has "...", a message has words of its own. */
    @Test
    void each_warning_stands_in_the_page_on_troubleshooting_in_its_own_words() throws IOException {
        List<Pattern> quoted = Pattern.compile("`([^`]+)`")
                .matcher(Files.readString(Path.of("../docs/troubleshooting.md")))
                .results()
                .map(span -> span.group(1))
                .filter(text -> text.contains(" "))
                .map(text -> Pattern.compile(Arrays.stream(text.split("\\.\\.\\.", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"))))
                .toList();
        Probe blind = probe(1, OptionalDouble.of(1), 1, true, .5);
        Probe negative = probe(-1, OptionalDouble.of(1), 0, false, 0);
        Probe centred = new Probe(
                new ScalarChannel(-1, .5, 0, 1),
                true,
                true,
                OptionalDouble.of(1),
                OptionalDouble.of(0),
                .01,
                2,
                0,
                false,
                false);
        Stream.of(
                        before(blind, 1),
                        after(blind, 1, 0),
                        before(negative, 1),
                        after(negative, 1, .6),
                        before(centred, 1),
                        before(probe(1, OptionalDouble.of(1), 0, true, .5), 1),
                        before(NOISE, .9),
                        before(NOISE, 1.1),
                        Alarms.before(NOISE, OptionalDouble.empty(), Optional::empty),
                        after(NOISE, .6, 0),
                        after(NOISE, 1.3, 0),
                        after(probe(1, OptionalDouble.empty(), 0, false, 0), .6, 0),
                        initial(.7).stream().toList(),
                        Alarms.checkpoints(residual(.4)).stream().toList(),
                        unpaid("psnr", 36).stream().toList())
                .forEach(alarms -> assertThat(alarms)
                        .isNotEmpty()
                        .allSatisfy(alarm -> assertThat(quoted)
                                .as(alarm)
                                .anyMatch(pattern -> pattern.matcher(alarm).find())));
    }

    @Test
    void observations_of_one_mask_under_a_forward_model_with_fresh_ones_are_told() {
        assertThat(before(probe(1, OptionalDouble.of(1), 0, true, .5), 1))
                .singleElement()
                .asString()
                .contains("same conditioning");
    }
}
