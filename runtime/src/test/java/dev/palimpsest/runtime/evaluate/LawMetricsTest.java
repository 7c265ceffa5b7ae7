package dev.palimpsest.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Fréchet distance, MMD and power spectra beside closed forms and the golden values of golden_laws.py. */
class LawMetricsTest {
    private static final RandomStreams STREAMS = new RandomStreams(13);

    /** The first two values of an item, doubled. */
    private record Doubled() implements FeatureMap {
        @Override
        public INDArray of(INDArray x) {
            return x.reshape('c', x.size(0), x.length() / x.size(0))
                    .get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2))
                    .mul(2);
        }

        @Override
        public String name() {
            return "doubled";
        }

        @Override
        public String checksum() {
            return "0123456789abcdef".repeat(4);
        }
    }

    private static RandomGenerator rng(String purpose) {
        return STREAMS.stream(purpose, 0);
    }

    private static INDArray gaussian(String purpose, long... shape) {
        return Samples.gaussian(rng(purpose), shape);
    }

    private static HeldOut heldOut(INDArray y, INDArray restored, INDArray clean) {
        return new HeldOut(y, Optional.empty(), restored, restored, y, Optional.of(clean));
    }

    private static Score only(Metric metric, HeldOut heldOut) {
        List<Score> scores = metric.scores(heldOut, rng("metric"));
        assertThat(scores).hasSize(1);
        return scores.get(0);
    }

    private static double golden(String name) {
        return Golden.value("golden_laws.csv", name);
    }

    private static INDArray twice(INDArray half) {
        return Nd4j.concat(0, half, half);
    }

    private static Mmd gaussianKernel(double bandwidth, int permutations) {
        return new Mmd(Optional.empty(), Mmd.Kernel.GAUSSIAN, bandwidth, permutations);
    }

    @Test
    void frechet_agrees_with_the_matrix_root_of_scipy() {
        INDArray clean = Golden.items(77, 41, 5);
        Score score = only(new Frechet(), heldOut(clean, Golden.items(1, 41, 5), clean));
        assertThat(score.value()).isEqualTo(golden("frechet"), within(1e-10));
        assertThat(score.identity().getAsDouble()).isEqualTo(golden("frechet floor"), within(1e-10));
        assertThat(score.identity()).isEqualTo(score.floor());
        assertThat(score.about()).isEqualTo("on the items' own 5 values; 20 items against 21");
    }

    /** For 2 x 2 matrices tr(A^1/2) = sqrt(tr A + 2 sqrt(det A)), and S1^1/2 S2 S1^1/2 has the trace and the determinant of S1 S2. */
    @Test
    void frechet_of_covariances_that_do_not_commute_is_the_closed_form() {
        INDArray restored = twice(Nd4j.createFromArray(new float[][] {{3, 0}, {-3, 0}, {0, 1}, {0, -1}}));
        INDArray clean = twice(Nd4j.createFromArray(new float[][] {{4, 3}, {0, -1}, {3, 0}, {1, 2}}));
        // unbiased covariances of four points: diag(18, 2) / 3 and, around (2, 1), [[10, 6], [6, 10]] / 3
        double trace = (18 * 10 + 2 * 10) / 9.0;
        double determinant = 36 / 9.0 * 64 / 9.0;
        double expected = 5 + 20 / 3.0 + 20 / 3.0 - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant));
        Score score = only(new Frechet(), heldOut(clean, restored, clean));
        assertThat(score.value()).isEqualTo(expected, within(1e-12));
        assertThat(score.floor().getAsDouble()).isEqualTo(0, within(1e-12));
    }

    /** S1 = a^2 S2 commutes with S2, so the distance is |m1 - m2|^2 + (1 - a)^2 tr S2, in any dimension. */
    @Test
    void frechet_of_a_scaled_and_shifted_sample_is_the_closed_form_in_many_dimensions() {
        int d = 200;
        INDArray half = gaussian("half", 250, d);
        double trace = 0;
        double shift = 0;
        INDArray exact = half.castTo(DataType.DOUBLE);
        for (int k = 0; k < d; k++) {
            double mean = exact.getColumn(k).meanNumber().doubleValue();
            trace += exact.getColumn(k).varNumber().doubleValue();
            shift += Math.pow(.5 * mean + .25 - mean, 2);
        }
        INDArray clean = twice(half);
        // float32: x / 2 + 1/4 is rounded, relatively 6e-8
        assertThat(only(new Frechet(), heldOut(clean, clean.mul(.5).addi(.25), clean))
                        .value())
                .isEqualTo(shift + .25 * trace, within(1e-5));
    }

    @Test
    void frechet_of_two_normal_laws_is_the_distance_of_their_means_and_deviations() {
        int n = 2000;
        INDArray restored = gaussian("x", 2 * n, 3);
        INDArray clean = gaussian("clean", 2 * n, 3).muli(2);
        clean.getColumn(0).addi(1);
        // |m|^2 + 3 (1 - 2)^2; standard errors 2 sqrt(5 / n) = .1 of the means' part and 2 sqrt(3) sqrt(5 / (2 n)) =
        // .122 of the deviations', together .158; a
        // bias of the order of 3 (1 + 4) / n = .0075
        assertThat(only(new Frechet(), heldOut(clean, restored, clean)).value()).isEqualTo(4, within(4 * .158 + .015));
    }

    @Test
    void frechet_of_equal_laws_is_biased_upward_as_its_floor_is() {
        int n = 200;
        double value = 0;
        double floor = 0;
        int samples = 40;
        for (int i = 0; i < samples; i++) {
            INDArray clean = Samples.gaussian(STREAMS.stream("clean", i), 2 * n, 4);
            Score score =
                    only(new Frechet(), heldOut(clean, Samples.gaussian(STREAMS.stream("x", i), 2 * n, 4), clean));
            value += score.value() / samples;
            floor += score.floor().getAsDouble() / samples;
        }
        // d = 4 standard normal values, samples of n: |dm|^2 is 2 / n times a chi-square of d; to first order the
        // covariances give |dS|^2 / 4, which is 1 / n times one
        // of d (d + 1) / 2: together 2 d / n + d (d + 1) / (2 n) = .09, with the variance 8 d / n^2 + d (d + 1) / n^2 =
        // .036^2. The mean of 40 has the standard error
        // .0057; the next order in 1 / n is about .002
        assertThat(value).isEqualTo(.09, within(4 * .0057 + .002));
        assertThat(floor).isEqualTo(.09, within(4 * .0057 + .002));
    }

    @Test
    void frechet_with_no_more_items_than_features_is_left_out_with_a_warning() {
        INDArray clean = Golden.items(1, 10, 5);
        HeldOut few = heldOut(clean, clean, clean);
        assertThat(new Frechet().scores(few, rng("metric"))).isEmpty();
        assertThat(Evaluation.warnings(new EvaluationSettings(List.of(new Frechet()), 0), few))
                .containsExactly("frechet is left out: halves of 5 held-out items give no covariance of 5 values;"
                        + " hold out at least 12 items, or compare by fewer features");
        INDArray enough = Golden.items(1, 12, 5);
        assertThat(new Frechet().scores(heldOut(enough, enough, enough), rng("metric")))
                .hasSize(1);
        assertThat(new Frechet().warnings(heldOut(enough, enough, enough))).isEmpty();
    }

    @Test
    void distances_are_taken_on_the_features_of_a_map_and_name_it() {
        INDArray clean = Golden.items(77, 41, 5);
        HeldOut heldOut = heldOut(clean, Golden.items(1, 41, 5), clean);
        INDArray firstTwo =
                clean.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).dup();
        HeldOut reduced = heldOut(
                firstTwo,
                heldOut.restored()
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2))
                        .dup(),
                firstTwo);
        Score onFeatures = only(new Frechet(Optional.of(new Doubled())), heldOut);
        assertThat(onFeatures.value())
                .isEqualTo(4 * only(new Frechet(), reduced).value(), within(1e-10));
        assertThat(onFeatures.about()).isEqualTo("on doubled (SHA-256 0123456789ab), 2 features; 20 items against 21");
        // the median bandwidth follows the features' scale
        Mmd mmd = new Mmd(Optional.of(new Doubled()), Mmd.Kernel.GAUSSIAN, 0, 0);
        assertThat(only(mmd, heldOut).value())
                .isEqualTo(only(gaussianKernel(0, 0), reduced).value(), within(1e-10));
        assertThat(only(mmd, heldOut).about())
                .startsWith("squared, on doubled (SHA-256 0123456789ab), 2 features; gaussian");
    }

    @Test
    void scores_on_features_carry_their_name_and_so_stand_beside_those_on_values() {
        INDArray clean = Golden.items(77, 41, 5);
        HeldOut heldOut = heldOut(clean, Golden.items(1, 41, 5), clean);
        Mmd onFeatures = new Mmd(Optional.of(new Doubled()), Mmd.Kernel.GAUSSIAN, 0, 0);
        EvaluationSettings settings = new EvaluationSettings(
                List.of(new Frechet(), new Frechet(Optional.of(new Doubled())), new Mmd(), onFeatures), 0);
        assertThat(Evaluation.scores(settings, heldOut, STREAMS))
                .extracting(Score::name)
                .containsExactly("frechet", "frechet-doubled", "mmd", "mmd-doubled");
    }

    @Test
    void two_metrics_whose_scores_would_have_one_name_are_refused() {
        Frechet one = new Frechet(Optional.of(new Doubled()));
        Frechet other = new Frechet(Optional.of(new Doubled()));
        assertThatThrownBy(() -> new EvaluationSettings(List.of(one, new Psnr(), other), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metrics must have scores of different names, but numbers 1 and 3 are both Frechet-doubled;"
                        + " leave one of them out");
    }

    @Test
    void the_feature_map_of_a_metric_can_be_replaced() {
        EvaluationSettings settings =
                new EvaluationSettings(List.of(new Frechet(Optional.of(new Doubled())), new Mmd(), new Psnr()), 0);
        FeatureMap other = new Doubled();
        Metric first = settings.withFeatures(map -> other).metrics().get(0);
        assertThat(((Frechet) first).features().orElseThrow()).isSameAs(other);
        assertThat(settings.withFeatures(map -> other).metrics().subList(1, 3))
                .isEqualTo(settings.metrics().subList(1, 3));
    }

    @Test
    void mmd_agrees_with_numpy() {
        INDArray clean = Golden.items(77, 41, 5);
        HeldOut heldOut = heldOut(clean, Golden.items(1, 41, 5), clean);
        Score gaussian = only(new Mmd(), heldOut);
        assertThat(gaussian.value()).isEqualTo(golden("mmd gaussian"), within(1e-10));
        assertThat(gaussian.floor().getAsDouble()).isEqualTo(golden("mmd floor"), within(1e-10));
        assertThat(gaussian.identity()).isEqualTo(gaussian.floor());
        Mmd rational = new Mmd(Optional.empty(), Mmd.Kernel.RATIONAL_QUADRATIC, 1.5, 0);
        assertThat(only(rational, heldOut).value()).isEqualTo(golden("mmd rational quadratic"), within(1e-10));
        assertThat(only(rational, heldOut).pValue()).isEmpty();
    }

    /** With X ~ N(0, 1), Y ~ N(m, 1) and the bandwidth s, E k(X, Y) = sqrt(s^2 / (s^2 + 2)) exp(-m^2 / (2 (s^2 + 2))). */
    @Test
    void mmd_of_a_shifted_gaussian_is_the_closed_form() {
        double expected = 2 / Math.sqrt(3) * (1 - Math.exp(-1 / 6.0));
        INDArray restored = gaussian("x", 2000, 1);
        INDArray clean = gaussian("clean", 2000, 1).add(1);
        Score score = only(gaussianKernel(1, 99), heldOut(clean, restored, clean));
        // halves of 1000: standard errors by simulation with NumPy, 100 samples
        assertThat(score.value()).isEqualTo(expected, within(4 * .0171));
        assertThat(score.floor().getAsDouble()).isEqualTo(0, within(4 * .00073));
        assertThat(score.pValue()).hasValue(.01);
    }

    @Test
    void under_one_law_the_p_value_of_mmd_is_uniform() {
        Mmd metric = gaussianKernel(1, 19);
        double[] p = IntStream.range(0, 200)
                .mapToDouble(i -> {
                    INDArray clean = Samples.gaussian(STREAMS.stream("clean", i), 40, 2);
                    INDArray restored = Samples.gaussian(STREAMS.stream("x", i), 40, 2);
                    return metric.scores(heldOut(clean, restored, clean), STREAMS.stream("permutations", i))
                            .get(0)
                            .pValue()
                            .getAsDouble();
                })
                .toArray();
        // uniform on 1/20, ..., 1: mean .525, standard deviation .2883, so the standard error is .0204
        assertThat(Arrays.stream(p).average().getAsDouble()).isEqualTo(.525, within(4 * .0204));
        // at most 1/4 with probability 1/4: the standard error of the share is .0306
        assertThat(Arrays.stream(p).filter(value -> value < .2501).count() / 200.0)
                .isEqualTo(.25, within(4 * .0306));
    }

    @Test
    void blocks_of_kernels_fit_together() {
        // more rows than a block holds; all distances are 0 within a sample and 1 between the samples
        INDArray half = Nd4j.zeros(600, 2);
        INDArray far = half.dup();
        far.getColumn(1).addi(1);
        assertThat(only(gaussianKernel(1, 0), heldOut(twice(half), twice(half), twice(far)))
                        .value())
                .isEqualTo(2 - 2 * Math.exp(-.5), within(1e-12));
    }

    /** Of the six divisions of two items and two others far away, the true one and its mirror image give as much: p is a third. */
    @Test
    void groups_of_permutations_fit_together() {
        INDArray restored = Nd4j.create(new float[] {0, .01f, 0, 0}, new long[] {4, 1});
        INDArray clean = Nd4j.create(new float[] {0, 0, 5, 5.01f}, new long[] {4, 1});
        Score score = only(gaussianKernel(1, 10000), heldOut(clean, restored, clean));
        // the standard error of the share is sqrt(1/3 2/3 / 10000) = .0047
        assertThat(score.pValue().getAsDouble()).isEqualTo(1 / 3., within(4 * .0047));
    }

    @Test
    void mmd_of_constants_is_0_with_p_value_1() {
        INDArray constant = Nd4j.zeros(10, 3).add(.3);
        Score score = only(new Mmd(), heldOut(constant, constant, constant));
        assertThat(score.value()).isEqualTo(0, within(1e-12));
        assertThat(score.pValue()).hasValue(1);
    }

    @Test
    void a_negative_bandwidth_is_refused() {
        assertThatThrownBy(() -> gaussianKernel(-1, 0)).hasMessage("bandwidth must be at least 0, got -1.0");
    }

    @Test
    void power_spectra_agree_with_the_fft_of_numpy() {
        INDArray first = Golden.items(3, 7, 2, 9, 12);
        INDArray rolled = Nd4j.concat(
                3,
                first.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(11, 12)),
                first.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 11)));
        INDArray clean = Golden.items(200, 7, 2, 9, 12);
        // the sum of the image and the rolled one is rounded to float32: relatively 6e-8 of a value, which a small
        // power feels more
        assertThat(only(new PowerSpectrum(), heldOut(clean, first.add(rolled), clean))
                        .value())
                .isEqualTo(golden("power spectrum"), within(1e-5));
        INDArray even = Golden.items(50, 5, 1, 8, 8);
        assertThat(only(new PowerSpectrum(), heldOut(even, Golden.items(9, 5, 1, 8, 8), even))
                        .value())
                .isEqualTo(golden("power spectrum even"), within(1e-9));
    }

    @Test
    void images_of_half_the_contrast_are_six_decibels_away_in_every_ring() {
        INDArray clean = twice(Golden.items(3, 4, 3, 10, 10));
        Score score = only(new PowerSpectrum(), heldOut(clean.mul(.25), clean.mul(.5), clean));
        assertThat(score.value()).isEqualTo(20 * Math.log10(2), within(1e-9));
        assertThat(score.identity().getAsDouble()).isEqualTo(20 * Math.log10(4), within(1e-9));
        assertThat(score.floor().getAsDouble()).isEqualTo(0, within(1e-12));
    }

    @Test
    void white_noise_has_the_same_power_in_every_ring() {
        int n = 200;
        INDArray clean = gaussian("clean", 2 * n, 1, 16, 16);
        INDArray restored = gaussian("x", 2 * n, 1, 16, 16).muli(2);
        // ring k has about pi k independent powers an image, exponential, so their mean in dB has the variance 4.343^2
        // / (pi k n) for each sample; over the mean
        // of 8 rings the standard error is 4.343 sqrt(2 * 2.72 / (pi n)) / 8 = .0505
        assertThat(only(new PowerSpectrum(), heldOut(clean, restored, clean)).value())
                .isEqualTo(20 * Math.log10(2), within(4 * .0505));
        // the root mean square over rings of what is expected to be 0: sqrt(2 * 2.72 / (pi n) / 8) * 4.343 = .143
        assertThat(only(new PowerSpectrum(), heldOut(clean, restored, clean))
                        .floor()
                        .getAsDouble())
                .isBetween(0.0, 3 * .143);
    }

    @Test
    void a_shift_that_wraps_round_changes_no_power() {
        INDArray clean = twice(Golden.items(3, 4, 1, 8, 8));
        INDArray shifted = Nd4j.concat(
                2,
                clean.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(3, 8)),
                clean.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 3)));
        assertThat(only(new PowerSpectrum(), heldOut(clean, shifted, clean)).value())
                .isEqualTo(0, within(1e-10));
    }

    @Test
    void the_observations_own_power_spectrum_needs_no_clean_images() {
        INDArray y = twice(Golden.items(3, 4, 1, 8, 8));
        HeldOut heldOut = new HeldOut(y, Optional.empty(), y.mul(9), y.mul(2), y.mul(4), Optional.empty());
        Score score = only(new ObservationPowerSpectrum(), heldOut);
        assertThat(score.name()).isEqualTo("observation-power-spectrum");
        assertThat(score.value()).isEqualTo(20 * Math.log10(2), within(1e-9));
        assertThat(score.identity().getAsDouble()).isEqualTo(20 * Math.log10(4), within(1e-9));
    }

    @Test
    void vectors_have_no_power_spectrum_and_black_images_a_finite_one() {
        INDArray vectors = Golden.items(3, 8, 64);
        assertThat(new PowerSpectrum().scores(heldOut(vectors, vectors, vectors), rng("metric")))
                .isEmpty();
        assertThat(new ObservationPowerSpectrum().scores(heldOut(vectors, vectors, vectors), rng("metric")))
                .isEmpty();
        INDArray clean = Golden.items(3, 8, 1, 8, 8);
        assertThat(only(new PowerSpectrum(), heldOut(clean, clean.mul(0), clean))
                        .value())
                .isBetween(100.0, 200.0);
    }
}
