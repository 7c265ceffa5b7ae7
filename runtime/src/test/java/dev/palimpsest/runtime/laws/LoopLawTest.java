package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.noise.Linear;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.runtime.laws.Recorded.Regression;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.MaskedPair;
import dev.palimpsest.testkit.PairMixture;
import dev.palimpsest.testkit.ScalarChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The real loop with an exact drift, five steps of 20,000 pairs from 40,000 observations. A mean over all pairs has the standard error of 100,000 of
 * them and, because they come from 40,000 items, at most 1.9 times that.
 */
class LoopLawTest {
    /** sqrt(1 + 100,000 / 40,000). */
    private static final double FEW_ITEMS = Math.sqrt(3.5);

    private static final dev.palimpsest.plugins.schedules.Linear LINE = new dev.palimpsest.plugins.schedules.Linear();

    /** All are multiplied by t (1 - t), which keeps the square of gamma' finite. In one dimension the neighbour is the point itself. */
    private static final List<String> FUNCTIONS =
            List.of("1", "I", "(1 - 2t) I", "t I", "I^2", "the neighbour's I", "I where the neighbour is seen");

    @TempDir
    Path folder;

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    static Stream<InterpolantSchedule> straightLines() {
        return Stream.of(LINE, new Latent(2));
    }

    @ParameterizedTest
    @CsvSource({".5, 1, .2318", "1, 1, .7854", "2, 1, 2.2143", ".5, .9, .2090", "1, .9, .7110", "2, .9, 2.0188"})
    void at_the_truth_the_loop_reports_the_loss_of_the_closed_form_and_not_zero(
            double sigma, double mix, double published) {
        PairMixture exact = truth(LINE, sigma, mix);
        lossIs(published, sigma, mix, exact);
        assertThat(exact.loss()).as("the oracle").isCloseTo(published, within(6e-5));
    }

    /** gamma' z, which no drift can know, is most of this loss. */
    @ParameterizedTest
    @ValueSource(doubles = {1, .9})
    void with_a_latent_noise_the_loss_at_the_truth_is_that_of_the_quadrature(double mix) {
        PairMixture exact = truth(new Latent(2), 1, mix);
        lossIs(exact.loss(), 1, mix, exact);
        assertThat(exact.loss()).isGreaterThan(truth(LINE, 1, mix).loss() + .5);
    }

    private static PairMixture truth(InterpolantSchedule schedule, double sigma, double mix) {
        ScalarChannel law = new ScalarChannel(1, 0, 1, sigma);
        GaussianPair simulated = GaussianPair.through(LinearChannel.scalar(1, sigma), Gaussian.scalar(0, 1));
        GaussianPair real = GaussianPair.mapped(0, law.slope(), 0, law.observedVariance());
        return mix == 1
                ? new PairMixture(schedule, simulated)
                : new PairMixture(schedule, List.of(mix, 1 - mix), List.of(simulated, real));
    }

    private void lossIs(double expected, double sigma, double mix, PairMixture exact) {
        Recorded loop = Recorded.loop(
                Recorded.standardNormal(1), new GaussianNoise(sigma), exact.schedule(), mix, exact, folder);
        double[] errors = loop.regressions().stream()
                .flatMapToDouble(r -> Arrays.stream(squares(residuals(r, exact, 1, 0))))
                .toArray();
        double standardError = Estimate.of(errors).standardError() * FEW_ITEMS;
        assertThat(loop.loss()).isCloseTo(expected, within(4 * standardError));
        assertThat(4 * standardError).as("four standard errors").isLessThan(.05 * expected);
    }

    /**
     * b* is the conditional mean of I' given I_t, so that what it leaves of I' is orthogonal to every function of t and I_t. Each mean is within 4.5
     * standard errors of 0, outside of which one in a hundred and fifty thousand would be by chance.
     */
    @ParameterizedTest
    @MethodSource("schedules")
    void what_the_exact_drift_leaves_of_the_velocity_is_orthogonal_to_all_functions_of_t_and_the_point(
            InterpolantSchedule schedule) {
        INDArray clean = Recorded.standardNormal(1).mul(.8).addi(1);
        for (double gain : new double[] {1, -.7}) {
            ForwardModel forward = gain == 1 ? new GaussianNoise(.6) : new Linear(gain, .6);
            PairMixture exact = new PairMixture(
                    schedule, GaussianPair.through(LinearChannel.scalar(gain, .6), Gaussian.scalar(1, .8)));
            Recorded loop = Recorded.loop(clean, forward, schedule, 1, exact, folder);
            orthogonal(loop, exact, 1, 0);
        }
    }

    @Test
    void with_mix_in_the_drift_is_the_conditional_mean_over_both_kinds_of_pairs() {
        ScalarChannel law = new ScalarChannel(1, 1, .8, .6);
        PairMixture exact = new PairMixture(
                LINE,
                List.of(.4, .6),
                List.of(
                        GaussianPair.through(LinearChannel.scalar(1, .6), Gaussian.scalar(1, .8)),
                        GaussianPair.mapped(1 - law.slope(), law.slope(), 1, law.observedVariance())));
        INDArray clean = Recorded.standardNormal(1).mul(.8).addi(1);
        orthogonal(Recorded.loop(clean, new GaussianNoise(.6), LINE, .4, exact, folder), exact, 1, 0);
    }

    /**
     * Masks are drawn anew at every call: whether a coordinate is seen is independent from step to step; the correlation's standard error is
     * 1/sqrt(80,000).
     */
    @ParameterizedTest
    @MethodSource("straightLines")
    void under_masks_the_drift_is_the_conditional_mean_given_the_mask_of_F_which_is_drawn_anew(
            InterpolantSchedule schedule) {
        MaskedPair law = new MaskedPair(.8, .4);
        ExactVelocity truth = (t, mask) -> new PairMixture(
                        schedule, GaussianPair.through(LinearChannel.masked(mask, 0), Gaussian.correlated(.8)))
                .at(t, mask);
        INDArray clean = correlated(.8);
        Recorded loop = Recorded.loop(clean, new RandomMask(law.probability(), 0), schedule, 1, truth, folder);
        orthogonal(loop, truth, 2, 2);
        double[] together = new double[80_000];
        for (int i = 0; i < together.length; i++) {
            double[] before = loop.regressions().get(i / 20_000).conditioning();
            double[] after = loop.regressions().get(i / 20_000 + 1).conditioning();
            together[i] = (before[2 * (i % 20_000)] - .6) * (after[2 * (i % 20_000)] - .6) / .24;
        }
        assertThat(Estimate.of(together).deviations(0)).isLessThan(4.5);
        double[] first = loop.recorrupted(0, 2);
        double[] second = loop.recorrupted(1, 2);
        double[] products = new double[first.length];
        Arrays.setAll(products, i -> first[i] * second[i]);
        Estimate correlation = Estimate.of(products);
        assertThat(correlation.deviations(.8))
                .as("correlation of x = Phi(y), each transported with its own mask: " + correlation)
                .isLessThan(4.5 * FEW_ITEMS);
    }

    /** With the exact drift of pi_k the loop re-corrupts x ~ pi_(k+1); here pi_k is the law of the observations. Midpoint 8 leaves .001. */
    @Test
    void x_of_the_loop_has_the_law_of_the_next_round() {
        ScalarChannel law = new ScalarChannel(-.7, 1, .8, .6);
        PairMixture exact = new PairMixture(
                LINE,
                GaussianPair.through(
                        LinearChannel.scalar(-.7, .6), Gaussian.scalar(-.7, Math.sqrt(law.observedVariance()))));
        INDArray clean = Recorded.standardNormal(1).mul(.8).addi(1);
        Recorded loop = Recorded.loop(clean, new Linear(-.7, .6), LINE, 1, exact, folder);
        double[] x = loop.recorrupted(0, 1);
        Estimate mean = Estimate.of(x);
        Estimate variance = Estimate.of(
                Arrays.stream(x).map(v -> (v - mean.mean()) * (v - mean.mean())).toArray());
        assertThat(mean.mean()).isCloseTo(law.mean(1), within(.001 + 4 * FEW_ITEMS * mean.standardError()));
        assertThat(variance.mean()).isCloseTo(law.variance(1), within(.001 + 4 * FEW_ITEMS * variance.standardError()));
    }

    private static INDArray correlated(double c) {
        INDArray clean = Recorded.standardNormal(2);
        clean.putColumn(1, clean.getColumn(0).mul(c).add(clean.getColumn(1).mul(Math.sqrt(1 - c * c))));
        return clean;
    }

    private static void orthogonal(Recorded loop, ExactVelocity exact, int d, int known) {
        double[][] products = new double[FUNCTIONS.size()][Recorded.PAIRS * d];
        int filled = 0;
        for (Regression r : loop.regressions()) {
            double[] residual = residuals(r, exact, d, known);
            for (int i = 0; i < residual.length; i++) {
                double t = r.t()[i / d];
                double v = r.point()[i];
                double other = r.point()[i / d * d + (d - 1 - i % d)];
                double otherSeen = known == 0 ? 1 : r.conditioning()[i / d * d + (d - 1 - i % d)];
                double[] f = {1, v, (1 - 2 * t) * v, t * v, v * v, other, otherSeen * v};
                for (int k = 0; k < f.length; k++) {
                    products[k][filled] = t * (1 - t) * f[k] * residual[i];
                }
                filled++;
            }
        }
        for (int k = 0; k < products.length; k++) {
            Estimate estimate = Estimate.of(products[k]);
            assertThat(estimate.deviations(0))
                    .as("f = t (1 - t) times " + FUNCTIONS.get(k) + ": " + estimate)
                    .isLessThan(4.5 * FEW_ITEMS);
        }
    }

    /** I' - b(t, I). */
    private static double[] residuals(Regression r, ExactVelocity exact, int d, int known) {
        double[] residual = r.velocity().clone();
        for (int n = 0; n < r.t().length; n++) {
            double[] b = exact.at(r.t()[n], Arrays.copyOfRange(r.conditioning(), n * known, (n + 1) * known))
                    .apply(Arrays.copyOfRange(r.point(), n * d, (n + 1) * d));
            for (int i = 0; i < d; i++) {
                residual[n * d + i] -= b[i];
            }
        }
        return residual;
    }

    private static double[] squares(double[] values) {
        return Arrays.stream(values).map(v -> v * v).toArray();
    }
}
