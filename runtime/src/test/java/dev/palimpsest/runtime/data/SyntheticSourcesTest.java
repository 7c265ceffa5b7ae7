package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class SyntheticSourcesTest {
    private static final int N = 100_000;
    private static final Places NOWHERE = new Places(Path.of(""), Path.of(""), Path.of(""));
    private static final RandomStreams STREAMS = new RandomStreams(11);
    /** Standard errors that a statistic may be off: a chance of 6e-7 for each, with a fixed seed. */
    private static final double ERRORS = 5;

    @Test
    void a_gaussian_has_its_mean_and_covariance() {
        double[] mean = {1, -2};
        double[][] s = {{4, 1.2}, {1.2, 1}};
        float[][] x = draw(new Gaussian(List.of(1.0, -2.0), List.of(List.of(4.0, 1.2), List.of(1.2, 1.0)), N, 0, 0));
        for (int i = 0; i < 2; i++) {
            assertThat(moment(x, i)).isCloseTo(mean[i], within(ERRORS * Math.sqrt(s[i][i] / N)));
            for (int j = 0; j < 2; j++) {
                // The variance of a sample covariance of a normal law is (S_ii S_jj + S_ij^2) / n.
                double error = Math.sqrt((s[i][i] * s[j][j] + s[i][j] * s[i][j]) / N);
                assertThat(covariance(x, mean, i, j)).isCloseTo(s[i][j], within(ERRORS * error));
            }
        }
    }

    @Test
    void a_singular_covariance_gives_points_on_a_line() {
        float[][] x = draw(new Gaussian(List.of(0.0, 0.0), List.of(List.of(1.0, 2.0), List.of(2.0, 4.0)), 100, 0, 0));
        for (float[] point : x) {
            assertThat(point[1]).isEqualTo(2 * point[0]);
        }
    }

    @Test
    void a_covariance_that_is_none_is_an_error() {
        List<Double> mean = List.of(0.0, 0.0);
        assertThatThrownBy(() -> new Gaussian(mean, List.of(List.of(1.0, 2.0), List.of(2.0, 1.0)), 10, 0, 0))
                .hasMessageContaining("positive semidefinite");
        assertThatThrownBy(() -> new Gaussian(mean, List.of(List.of(0.0, 1.0), List.of(1.0, 1.0)), 10, 0, 0))
                .hasMessageContaining("positive semidefinite");
        assertThatThrownBy(() -> new Gaussian(mean, List.of(List.of(1.0, 0.5), List.of(0.4, 1.0)), 10, 0, 0))
                .hasMessageContaining("symmetric, got 0.4 in row 2 column 1 and 0.5");
        assertThatThrownBy(() -> new Gaussian(mean, List.of(List.of(1.0)), 10, 0, 0))
                .hasMessageContaining("as many rows");
        assertThatThrownBy(() -> new Gaussian(List.of(), List.of(), 10, 0, 0)).hasMessageContaining("at least one");
    }

    @Test
    void a_mixture_has_the_mean_and_variance_of_its_closed_form() {
        // Weights 1/4 and 3/4: mean = -2/4 + 3 * 3/4, second moment = (4 + .25)/4 + 3 (9 + 1)/4.
        float[][] x = draw(new GaussianMixture(
                List.of(1.0, 3.0), List.of(List.of(-2.0), List.of(3.0)), List.of(0.5, 1.0), N, 0, 0));
        double mean = 1.75;
        double variance = 4.25 / 4 + 30.0 / 4 - mean * mean;
        assertThat(moment(x, 0)).isCloseTo(mean, within(ERRORS * Math.sqrt(variance / N)));
        // Central fourth moment: per component, m^4 + 6 m^2 s^2 + 3 s^4 with m its mean less the mixture's.
        double fourth = component(-3.75, 0.5) / 4 + 3 * component(1.25, 1) / 4;
        double error = Math.sqrt((fourth - variance * variance) / N);
        assertThat(covariance(x, new double[] {mean}, 0, 0)).isCloseTo(variance, within(ERRORS * error));
    }

    @Test
    void a_mixture_draws_its_components_by_weight() {
        float[][] x = draw(new GaussianMixture(
                List.of(2.0, 1.0, 1.0),
                List.of(List.of(0.0, 1.0), List.of(1.0, 2.0), List.of(2.0, 3.0)),
                List.of(0.0, 0.0, 0.0),
                N,
                0,
                0));
        double[] share = {0.5, 0.25, 0.25};
        for (int k = 0; k < 3; k++) {
            float first = k;
            long drawn = Arrays.stream(x)
                    .filter(p -> p[0] == first && p[1] == first + 1)
                    .count();
            double error = Math.sqrt(share[k] * (1 - share[k]) / N);
            assertThat((double) drawn / N).isCloseTo(share[k], within(ERRORS * error));
        }
    }

    @Test
    void a_mixture_whose_lists_do_not_fit_is_an_error() {
        List<Double> one = List.of(1.0);
        assertThatThrownBy(() -> new GaussianMixture(one, List.of(one, one), one, 10, 0, 0))
                .hasMessageContaining("got 1, 2 and 1");
        assertThatThrownBy(() -> new GaussianMixture(
                        List.of(1.0, 1.0), List.of(one, List.of(1.0, 2.0)), List.of(1.0, 1.0), 9, 0, 0))
                .hasMessageContaining("sizes [1, 2]");
        assertThatThrownBy(() -> new GaussianMixture(List.of(0.0), List.of(one), one, 10, 0, 0))
                .hasMessageContaining("weights must be above 0, got 0.0");
        assertThatThrownBy(() -> new GaussianMixture(one, List.of(one), List.of(-1.0), 10, 0, 0))
                .hasMessageContaining("deviations must be at least 0, got -1.0");
    }

    @Test
    void moons_without_noise_lie_where_numpy_puts_them() {
        float[][] expected = Npy.read(NpyTest.golden("moons7")).toFloatMatrix();
        float[][] x = draw(new TwoMoons(0, 7, 0, 0));
        Comparator<float[]> order = Comparator.comparingDouble(point -> 1000 * point[0] + point[1]);
        Arrays.sort(expected, order);
        Arrays.sort(x, order);
        for (int n = 0; n < 7; n++) {
            for (int i = 0; i < 2; i++) {
                // Both are float64 rounded to float32: at most one unit in the last place of a number below 8.
                assertThat(x[n][i]).isCloseTo(expected[n][i], within(Math.ulp(4f)));
            }
        }
    }

    @Test
    void moons_are_shuffled() {
        float[][] x = draw(new TwoMoons(0, 1000, 0, 0));
        long outer = Arrays.stream(x)
                .limit(500)
                .filter(SyntheticSourcesTest::onOuterMoon)
                .count();
        // Hypergeometric: mean 250, standard deviation sqrt(500 / 4 * 500 / 999) = 7.9.
        assertThat((double) outer).isCloseTo(250, within(ERRORS * 7.9));
        assertThat(Arrays.stream(x).filter(SyntheticSourcesTest::onOuterMoon).count())
                .isEqualTo(500);
    }

    @Test
    void the_noise_of_moons_has_four_times_its_deviation() {
        float[][] x = draw(new TwoMoons(0.1, N, 0, 0));
        // The horizontal coordinate c, cos a or 1 - cos a, is not random: the mean of (c - 1/2)^2 is 3/4 + 1/N, the
        // ends being counted whole.
        double still = 0.75 + 1.0 / N;
        // (c - 1/2 + e)^2 with e of deviation s has the variance 4 (c - 1/2)^2 s^2 + 2 s^4.
        double error = 16 * Math.sqrt((4 * still * 0.01 + 2 * 0.0001) / N);
        double second = covariance(x, new double[] {0, 0}, 0, 0);
        assertThat(second).isCloseTo(16 * (still + 0.01), within(ERRORS * error));
    }

    @Test
    void the_same_seed_draws_the_same_items_and_another_seed_others() {
        DataSource source = new TwoMoons(0.1, 10, 0, 0);
        float[][] x = draw(source);
        assertThat(draw(source)).isDeepEqualTo(x);
        assertThat(((Items.Clean) source.open(NOWHERE, new RandomStreams(12)))
                        .x()
                        .rows(new int[] {0})
                        .toFloatMatrix()[0])
                .isNotEqualTo(x[0]);
    }

    @Test
    void one_moon_point_is_enough() {
        assertThat(draw(new TwoMoons(0, 1, 0, 0))).isDeepEqualTo(new float[][] {{-2, 0}});
    }

    private static boolean onOuterMoon(float[] point) {
        double p = point[0] / 4 + 0.5;
        double q = point[1] / 4 + 0.5;
        return Math.abs(p * p + q * q - 1) < 1e-5;
    }

    private static double component(double m, double s) {
        return m * m * m * m + 6 * m * m * s * s + 3 * s * s * s * s;
    }

    private static float[][] draw(DataSource source) {
        Table drawn = ((Items.Clean) source.open(NOWHERE, STREAMS)).x();
        INDArray x = drawn.rows(IntStream.range(0, drawn.count()).toArray());
        float[] values = x.data().asFloat();
        int d = (int) x.size(1);
        return IntStream.range(0, (int) x.size(0))
                .mapToObj(n -> Arrays.copyOfRange(values, n * d, (n + 1) * d))
                .toArray(float[][]::new);
    }

    private static double moment(float[][] x, int i) {
        return Arrays.stream(x).mapToDouble(point -> point[i]).average().orElseThrow();
    }

    private static double covariance(float[][] x, double[] mean, int i, int j) {
        return Arrays.stream(x)
                .mapToDouble(point -> (point[i] - mean[i]) * (point[j] - mean[j]))
                .average()
                .orElseThrow();
    }
}
