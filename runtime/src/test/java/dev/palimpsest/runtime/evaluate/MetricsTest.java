package dev.palimpsest.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The metrics beside closed forms and the golden values of golden.py. */
class MetricsTest {
    private static final RandomStreams STREAMS = new RandomStreams(11);

    private static RandomGenerator rng(String purpose) {
        return STREAMS.stream(purpose, 0);
    }

    private static HeldOut heldOut(INDArray y, INDArray restored, INDArray clean) {
        return new HeldOut(y, Optional.empty(), restored, restored, y, Optional.of(clean));
    }

    private static Score only(Metric metric, HeldOut heldOut) {
        List<Score> scores = metric.scores(heldOut, rng("metric"));
        assertThat(scores).hasSize(1);
        return scores.get(0);
    }

    private static INDArray golden(int s, long... shape) {
        return Golden.items(s, shape);
    }

    private static double golden(String name) {
        return Golden.value("golden.csv", name);
    }

    private static INDArray twice(INDArray half) {
        return Nd4j.concat(0, half, half);
    }

    @Test
    void psnr_of_a_known_error_is_exact() {
        INDArray clean = golden(5, 4, 1, 3, 2).mul(0);
        INDArray restored = clean.add(.5);
        INDArray y = clean.dup();
        y.slice(0).addi(1);
        y.slice(1).addi(1);
        y.slice(2).addi(.25);
        y.slice(3).addi(.25);
        Score score = only(new Psnr(), heldOut(y, restored, clean));
        assertThat(score.name()).isEqualTo("psnr");
        assertThat(score.value()).isEqualTo(10 * Math.log10(16), within(1e-12));
        assertThat(score.identity().getAsDouble()).isEqualTo(5 * Math.log10(4) + 5 * Math.log10(64), within(1e-12));
        assertThat(score.floor()).isEmpty();
    }

    /** Errors of 1, 1, 1/4 and 1/4 have the mean square 17/32; their own decibels have the mean of the test above. */
    @Test
    void pooled_psnr_is_that_of_the_mean_squared_error_over_all_items() {
        INDArray clean = golden(5, 4, 1, 3, 2).mul(0);
        INDArray restored = clean.dup();
        restored.slice(0).addi(1);
        restored.slice(1).addi(1);
        restored.slice(2).addi(.25);
        restored.slice(3).addi(.25);
        Score score = only(new PooledPsnr(), heldOut(clean.add(.5), restored, clean));
        assertThat(score.name()).isEqualTo("pooled-psnr");
        assertThat(score.better()).isEqualTo(Score.Better.HIGHER);
        assertThat(score.value()).isEqualTo(10 * Math.log10(4 * 32 / 17.), within(1e-12));
        assertThat(score.identity().getAsDouble()).isEqualTo(10 * Math.log10(16), within(1e-12));
        assertThat(score.floor()).isEmpty();
    }

    @Test
    void psnr_of_equal_items_is_finite() {
        INDArray clean = golden(5, 4, 3);
        assertThat(only(new PooledPsnr(), heldOut(clean, clean, clean)).value())
                .isEqualTo(20 * Math.log10(1 << 24), within(1e-9));
        assertThat(only(new Psnr(), heldOut(clean, clean, clean)).value())
                .isEqualTo(20 * Math.log10(1 << 24), within(1e-9));
    }

    @Test
    void psnr_and_ssim_agree_with_scikit_image() {
        INDArray clean = golden(5, 2, 3, 13, 17);
        INDArray y = golden(90, 2, 3, 13, 17);
        HeldOut heldOut = heldOut(y, clean.mul(.75).add(y.mul(.25)), clean);
        // the restored image is rounded to float32 here and there, in another order: relatively 1e-7, and 8.7 dB times
        // that
        assertThat(only(new Psnr(), heldOut).value()).isEqualTo(golden("psnr"), within(5e-6));
        assertThat(only(new Ssim(), heldOut).value()).isEqualTo(golden("ssim"), within(1e-6));
        assertThat(only(new Ssim(), heldOut).identity().getAsDouble()).isEqualTo(golden("ssim identity"), within(1e-9));
    }

    @Test
    void ssim_of_equal_images_is_1_also_where_they_are_constant() {
        INDArray clean = golden(5, 2, 1, 11, 11);
        assertThat(only(new Ssim(), heldOut(clean, clean, clean)).value()).isEqualTo(1, within(1e-12));
        INDArray constant = clean.mul(0).add(1);
        assertThat(only(new Ssim(), heldOut(constant, constant, constant)).value())
                .isEqualTo(1, within(1e-12));
    }

    @Test
    void ssim_has_no_score_for_vectors_and_for_images_smaller_than_its_window() {
        INDArray vectors = golden(5, 4, 200);
        assertThat(new Ssim().scores(heldOut(vectors, vectors, vectors), rng("ssim")))
                .isEmpty();
        INDArray small = golden(5, 4, 1, 10, 40);
        assertThat(new Ssim().scores(heldOut(small, small, small), rng("ssim"))).isEmpty();
    }

    @Test
    void energy_distance_agrees_with_scipy_on_halves_of_different_size() {
        assertThat(EnergyDistance.between(golden(1, 13, 5), golden(77, 13, 5)).getAsDouble())
                .isEqualTo(golden("energy"), within(1e-10));
    }

    @Test
    void energy_distance_does_not_lose_digits_far_from_the_origin() {
        INDArray x = golden(1, 13, 5).add(4096); // float32 has 2^-11 left there
        INDArray y = golden(77, 13, 5).add(4096);
        assertThat(EnergyDistance.between(x, y).getAsDouble())
                .isEqualTo(EnergyDistance.between(x.sub(4096), y.sub(4096)).getAsDouble(), within(1e-9));
    }

    @Test
    void energy_distance_of_a_shifted_gaussian_is_its_closed_form() {
        // E|X-Y| - E|X-X'| for N(0,1) and N(1,1), with erf(1/2) = .5204998778
        double expected = 2 / Math.sqrt(Math.PI) * (Math.exp(-.25) - 1) + .5204998778;
        INDArray restored = Samples.gaussian(rng("x"), 2000, 1);
        INDArray clean = Samples.gaussian(rng("clean"), 2000, 1).add(1);
        Score score = only(new EnergyDistance(), heldOut(clean, restored, clean));
        // halves of 1000: standard error .027, by simulation
        assertThat(score.value()).isEqualTo(expected, within(4 * .027));
        // equal laws: standard deviation about E|X-X'| / n = .0011
        assertThat(score.identity().getAsDouble()).isEqualTo(0, within(.0044));
        assertThat(score.identity()).isEqualTo(score.floor());
    }

    @Test
    void energy_distance_of_two_equal_samples_is_minus_the_mean_distance_over_n() {
        INDArray half = golden(1, 6, 1);
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                sum += Math.abs(half.getDouble(i, 0) - half.getDouble(j, 0));
            }
        }
        assertThat(EnergyDistance.between(twice(half), twice(half)).getAsDouble())
                .isEqualTo(-sum / 30 / 6, within(1e-12));
    }

    @Test
    void blocks_of_distances_fit_together() {
        // more rows than a block holds; the shift is a constant distance away in the second coordinate, so all
        // between-distances are known
        INDArray half = Nd4j.zeros(600, 2);
        INDArray far = half.dup();
        far.getColumn(1).addi(3);
        assertThat(EnergyDistance.between(twice(half), twice(far)).getAsDouble())
                .isEqualTo(3, within(1e-12));
    }

    @Test
    void observation_energy_compares_recorrupted_restorations_with_the_observations_they_come_from() {
        INDArray y = Nd4j.createFromArray(new float[][] {{0}, {1}, {4}, {9}});
        INDArray again = Nd4j.createFromArray(new float[][] {{1}, {1}, {6}, {8}});
        double[] x = {1, 1, 6, 8};
        double[] of = {0, 1, 4, 9};
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                sum += i == j ? 0 : Math.abs(x[i] - of[j]) - Math.abs(x[i] - x[j]) / 2 - Math.abs(of[i] - of[j]) / 2;
            }
        }
        Score score =
                only(new ObservationEnergy(), new HeldOut(y, Optional.empty(), y.add(100), again, y, Optional.empty()));
        assertThat(score.name()).isEqualTo("observation-energy");
        assertThat(score.value()).isEqualTo(sum / 12, within(1e-12));
        assertThat(score.identity().getAsDouble()).isEqualTo(0, within(1e-12));
    }

    @Test
    void observation_energy_of_two_gaussians_is_the_closed_form() {
        int n = 2000;
        INDArray y = Samples.gaussian(rng("y"), n, 1);
        HeldOut heldOut = new HeldOut(
                y, Optional.empty(), y, Samples.gaussian(rng("again"), n, 1).add(1), y, Optional.empty());
        // |X - Y| of N(1, 2): 2 exp(-1/4) / sqrt(pi) + (2 Phi(1/sqrt 2) - 1); |X - X'|: 2 / sqrt(pi)
        double expected = 2 / Math.sqrt(Math.PI) * (Math.exp(-.25) - 1) + .5204998778;
        // the estimate's deviation, from 100 simulations with numpy, is .0186
        assertThat(only(new ObservationEnergy(), heldOut).value()).isEqualTo(expected, within(4 * .0186));
    }

    @Test
    void the_floor_of_the_observation_energy_is_passed_by_one_in_twenty_if_nothing_is_left() {
        int passed = 0;
        for (int i = 0; i < 2000; i++) {
            INDArray y = Samples.gaussian(STREAMS.stream("y", i), 40, 2);
            INDArray fresh = Samples.gaussian(STREAMS.stream("fresh", i), 40, 2);
            Score score = new ObservationEnergy(99)
                    .scores(
                            new HeldOut(y, Optional.empty(), y, fresh, y.add(9), Optional.empty()),
                            STREAMS.stream("permutations", i))
                    .get(0);
            passed += score.value() > score.floor().getAsDouble() ? 1 : 0;
        }
        // binomial with 2000 draws of about 1/20: standard error 9.7
        assertThat((double) passed).isEqualTo(100, within(4 * 9.7));
    }

    /** y and F(Phi(y)) share their larger part, and differ in the sign of a smaller one: one law, but not exchangeable with an independent sample. */
    @Test
    void pairs_that_share_their_larger_part_have_a_uniform_p_value_and_a_sharper_estimate() {
        ObservationEnergy metric = new ObservationEnergy(19);
        double[] p = new double[200];
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            INDArray shared = Samples.gaussian(STREAMS.stream("shared", i), 20, 2);
            INDArray y =
                    shared.add(Samples.gaussian(STREAMS.stream("y", i), 20, 2).mul(.1));
            INDArray fresh = shared.add(
                    Samples.gaussian(STREAMS.stream("fresh", i), 20, 2).mul(.1));
            Score score = metric.scores(
                            new HeldOut(y, Optional.empty(), y, fresh, y.add(9), Optional.empty()),
                            STREAMS.stream("permutations", i))
                    .get(0);
            p[i] = score.pValue().getAsDouble();
            largest = Math.max(largest, Math.abs(score.value()));
        }
        assertThat(Arrays.stream(p).average().getAsDouble()).isEqualTo(.525, within(4 * .0204));
        // of independent samples of 20 it is about .05; here the differences are of the size .14 instead of 1.4
        assertThat(largest).isLessThan(.02);
    }

    @Test
    void a_huge_shift_has_the_least_p_value_there_is() {
        INDArray y = Samples.gaussian(rng("y"), 60, 3);
        HeldOut heldOut = new HeldOut(y, Optional.empty(), y, y.add(50), y, Optional.empty());
        assertThat(only(new ObservationEnergy(), heldOut).pValue()).hasValue(1.0 / 200);
        assertThat(only(new ObservationEnergy(39), heldOut).pValue()).hasValue(1.0 / 40);
        assertThat(only(new ObservationEnergy(0), heldOut).pValue()).isEmpty();
    }

    @Test
    void under_one_law_the_p_value_is_uniform() {
        ObservationEnergy metric = new ObservationEnergy(19);
        double[] p = IntStream.range(0, 200)
                .mapToDouble(i -> {
                    INDArray y = Samples.gaussian(STREAMS.stream("y", i), 20, 2);
                    INDArray fresh = Samples.gaussian(STREAMS.stream("fresh", i), 20, 2);
                    HeldOut heldOut = new HeldOut(y, Optional.empty(), y, fresh, y.add(9), Optional.empty());
                    return metric.scores(heldOut, STREAMS.stream("permutations", i))
                            .get(0)
                            .pValue()
                            .getAsDouble();
                })
                .toArray();
        // uniform on 1/20, ..., 1: mean .525, standard deviation .2883, so the standard error is .0204
        assertThat(IntStream.range(0, 200).mapToDouble(i -> p[i]).average().getAsDouble())
                .isEqualTo(.525, within(4 * .0204));
        // at most 1/4 with probability 1/4: the standard error of the share is .0306
        assertThat(IntStream.range(0, 200).filter(i -> p[i] < .2501).count() / 200.0)
                .isEqualTo(.25, within(4 * .0306));
    }

    @Test
    void equal_constants_have_energy_0_and_p_value_1() {
        INDArray y = Nd4j.zeros(10, 3).add(.3);
        Score score = only(new ObservationEnergy(), new HeldOut(y, Optional.empty(), y, y, y, Optional.empty()));
        assertThat(score.value()).isEqualTo(0, within(1e-12));
        assertThat(score.pValue()).as("nothing tells anything here").isEmpty();
    }

    /** y has 2 coordinates of variance 1, and F adds noise of variance .0004, so that y and F(y) differ by a part of 1e-4 of that of two samples. */
    @Test
    void an_energy_that_cannot_tell_y_from_F_of_y_has_no_p_value_and_says_so() {
        INDArray y = Samples.gaussian(rng("y"), 200, 2);
        INDArray again = y.add(Samples.gaussian(rng("again"), 200, 2).mul(.02));
        INDArray twice = y.add(Samples.gaussian(rng("twice"), 200, 2).mul(.02));
        Score blind =
                only(new ObservationEnergy(), new HeldOut(y, Optional.empty(), y, again, twice, Optional.empty()));
        assertThat(blind.pValue()).isEmpty();
        assertThat(blind.floor()).isPresent();
        assertThat(blind.about()).contains("cannot tell even the observations", "nothing about this run");
        assertThat(ObservationEnergy.warning(List.of(blind)))
                .get()
                .asString()
                .startsWith("observation-energy cannot tell")
                .contains("data.holdOut");
    }

    @Test
    void an_energy_that_tells_y_from_F_of_y_or_from_what_was_restored_keeps_its_p_value() {
        INDArray y = Samples.gaussian(rng("y"), 200, 2);
        INDArray again = y.add(Samples.gaussian(rng("again"), 200, 2).mul(.02));
        Score good =
                only(new ObservationEnergy(), new HeldOut(y, Optional.empty(), y, again, y.mul(2), Optional.empty()));
        Score bad =
                only(new ObservationEnergy(), new HeldOut(y, Optional.empty(), y, y.mul(2), again, Optional.empty()));
        assertThat(good.pValue().getAsDouble()).isGreaterThan(.05);
        assertThat(bad.pValue()).hasValue(1.0 / 200);
        assertThat(List.of(good, bad)).allMatch(score -> score.about().isEmpty());
        assertThat(ObservationEnergy.warning(List.of(good, bad))).isEmpty();
        Score untested =
                only(new ObservationEnergy(0), new HeldOut(y, Optional.empty(), y, again, again, Optional.empty()));
        assertThat(untested.about()).isEmpty();
    }

    @Test
    void in_one_dimension_sliced_wasserstein_is_w2_also_for_halves_of_different_size() {
        INDArray clean = golden(40, 13, 1);
        Score score = only(new SlicedWasserstein(), heldOut(clean, golden(3, 13, 1), clean));
        assertThat(score.value()).isEqualTo(golden("wasserstein"), within(1e-10));
    }

    @Test
    void sliced_wasserstein_of_two_gaussians_is_the_closed_form() {
        INDArray restored = Samples.gaussian(rng("x"), 2000, 1);
        INDArray clean = Samples.gaussian(rng("clean"), 2000, 1).mul(2).add(3);
        // W2^2 = (m1 - m2)^2 + (s1 - s2)^2; halves of 1000: standard error .071, as both means' is sqrt(5 / 1000)
        assertThat(only(new SlicedWasserstein(), heldOut(clean, restored, clean))
                        .value())
                .isEqualTo(Math.sqrt(10), within(4 * .071));
    }

    @Test
    void sliced_wasserstein_of_a_shift_by_m_is_its_length_over_the_root_of_the_dimension() {
        INDArray clean = twice(golden(1, 20, 3));
        INDArray restored = clean.add(1);
        Score score = only(new SlicedWasserstein(4096, 3), heldOut(clean, restored, clean));
        // (m . u)^2 / |m|^2 has mean 1/3 and variance 1/5 - 1/9: with 4096 directions the standard error of the squared
        // distance is .0140
        assertThat(score.value() * score.value()).isEqualTo(1, within(4 * .0140));
        assertThat(score.identity().getAsDouble()).isZero();
        assertThat(score.floor().getAsDouble()).isZero();
    }

    @Test
    void paired_sliced_wasserstein_of_a_shift_is_its_length_though_the_items_are_few() {
        INDArray clean = golden(1, 20, 1);
        Score score = only(new PairedSlicedWasserstein(), heldOut(clean.add(2), clean.add(1), clean));
        assertThat(score.value()).isEqualTo(1, within(1e-6)); // float32: x + 1 is rounded
        assertThat(score.identity().getAsDouble()).isEqualTo(2, within(1e-6));
        assertThat(only(new PairedSlicedWasserstein(64, 0, 0), heldOut(clean, clean, clean))
                        .floor())
                .isEmpty();
    }

    /**
     * The i-th of n uniform numbers has the variance i (n + 1 - i) / ((n + 1)^2 (n + 2)), so that W2^2 of two independent samples has the mean 1 / (3 (n +
     * 1)); times n + 1 it is twice the integral of a squared Brownian bridge, with the deviation 2 / sqrt(45).
     */
    @Test
    void the_floor_of_the_paired_distance_is_what_one_law_scores_and_nothing_where_the_pairs_are_equal() {
        int n = 60;
        int samples = 400;
        double values = 0;
        double floors = 0;
        RandomGenerator rng = rng("uniform pairs");
        for (int k = 0; k < samples; k++) {
            INDArray clean = Samples.uniform(rng, n, 1);
            Score score = new PairedSlicedWasserstein(1, 8, 0)
                    .scores(heldOut(clean, Samples.uniform(rng, n, 1), clean), rng)
                    .get(0);
            values += score.value() * score.value() * (n + 1) / samples;
            floors += Math.pow(score.floor().getAsDouble(), 2) * (n + 1) / samples;
        }
        double standardError = 2 / Math.sqrt(45.0 * samples);
        assertThat(values).isEqualTo(1 / 3.0, within(4 * standardError));
        assertThat(floors).isEqualTo(1 / 3.0, within(4 * standardError));
        INDArray clean = golden(1, 20, 3);
        assertThat(only(new PairedSlicedWasserstein(), heldOut(clean, clean, clean))
                        .floor())
                .hasValue(0);
    }

    @Test
    void the_directions_depend_on_the_seed_alone() {
        INDArray clean = golden(1, 40, 3);
        HeldOut heldOut = heldOut(clean, golden(2, 40, 3), clean);
        SlicedWasserstein metric = new SlicedWasserstein(8, 1);
        assertThat(metric.scores(heldOut, rng("one"))).isEqualTo(metric.scores(heldOut, rng("another")));
        assertThat(metric.scores(heldOut, rng("one")))
                .isNotEqualTo(new SlicedWasserstein(8, 2).scores(heldOut, rng("one")));
    }

    @Test
    void observation_sliced_wasserstein_needs_no_clean_items() {
        INDArray y = twice(golden(1, 20, 1));
        HeldOut heldOut = new HeldOut(y, Optional.empty(), y.add(100), y.add(1), y.add(2), Optional.empty());
        Score score = only(new ObservationSlicedWasserstein(), heldOut);
        assertThat(score.value()).isEqualTo(1, within(1e-6)); // float32: y + 1 is rounded
        assertThat(score.identity().getAsDouble()).isEqualTo(2, within(1e-6));
        assertThat(score.floor()).hasValue(0);
    }

    @Test
    void moments_of_the_exact_transport_of_a_gaussian_are_the_closed_form() {
        int n = 20000;
        INDArray x = Samples.gaussian(rng("x"), n, 1).add(2);
        INDArray y = x.add(Samples.gaussian(rng("noise"), n, 1));
        INDArray restored = y.sub(2).mul(Math.sqrt(.5)).add(2);
        List<Score> scores = new Moments().scores(heldOut(y, restored, x), rng("moments"));
        assertThat(scores).extracting(Score::name).containsExactly("mean", "deviation", "slope");
        assertThat(scores.get(0).value()).isEqualTo(2, within(4 / Math.sqrt(n)));
        assertThat(scores.get(0).identity().getAsDouble()).isEqualTo(2, within(4 * Math.sqrt(2.0 / n)));
        assertThat(scores.get(0).floor().getAsDouble()).isEqualTo(2, within(4 / Math.sqrt(n)));
        // a standard deviation s has standard error s / sqrt(2n)
        assertThat(scores.get(1).value()).isEqualTo(1, within(4 / Math.sqrt(2.0 * n)));
        assertThat(scores.get(1).identity().getAsDouble()).isEqualTo(Math.sqrt(2), within(4 / Math.sqrt(n)));
        assertThat(scores.get(1).floor().getAsDouble()).isEqualTo(1, within(4 / Math.sqrt(2.0 * n)));
        // an exact linear map: only float32 rounding, averaged over n items
        assertThat(scores.get(2).value()).isEqualTo(Math.sqrt(.5), within(1e-6));
        assertThat(scores.get(2).identity().getAsDouble()).isEqualTo(1, within(1e-12));
        assertThat(scores.get(2).floor()).isEmpty();
    }

    @Test
    void the_slope_is_a_mean_over_the_dimensions_in_which_y_varies() {
        INDArray y = Nd4j.createFromArray(new float[][] {{0, 7, 1}, {1, 7, 3}});
        INDArray restored = Nd4j.createFromArray(new float[][] {{0, 1, 2}, {2, 5, 1}});
        List<Score> scores = new Moments().scores(heldOut(y, restored, y), rng("moments"));
        assertThat(scores.get(3).value()).isEqualTo((2 - .5) / 2, within(1e-12));
        assertThat(scores.get(0).value()).isEqualTo(11.0 / 6, within(1e-12));
        assertThat(scores.get(1).value()).isEqualTo(Math.sqrt((2 + 8 + .5) / 3), within(1e-12));
        INDArray constant = Nd4j.zeros(4, 2);
        assertThat(new Moments().scores(heldOut(constant, constant, constant), rng("moments")))
                .extracting(Score::name, Score::value)
                .containsExactly(tuple("mean", 0.0), tuple("deviation", 0.0));
    }

    @Test
    void the_correlation_is_a_mean_over_the_pairs_of_dimensions_that_vary() {
        // of the first and the third: deviations (-1, 0, 1) and (-1, 1, 0), product sum 1, squares 2 and 2
        INDArray restored = Nd4j.createFromArray(new float[][] {{0, 7, 1}, {1, 7, 3}, {2, 7, 2}});
        List<Score> scores = new Moments().scores(heldOut(restored, restored, restored), rng("moments"));
        assertThat(scores).extracting(Score::name).containsExactly("mean", "deviation", "correlation", "slope");
        assertThat(scores.get(2).value()).isEqualTo(.5, within(1e-12));
    }

    @Test
    void a_negative_number_of_permutations_or_no_direction_is_refused() {
        assertThatThrownBy(() -> new ObservationEnergy(-1)).hasMessage("permutations must be at least 0, got -1");
        assertThatThrownBy(() -> new SlicedWasserstein(0, 1)).hasMessageContaining("projections must be at least 1");
    }

    @Test
    void fewer_than_four_items_have_no_distance() {
        assertThat(EnergyDistance.between(golden(1, 3, 2), golden(2, 3, 2))).isEqualTo(OptionalDouble.empty());
        assertThat(EnergyDistance.between(golden(1, 4, 2), golden(2, 4, 2))).isPresent();
    }
}
