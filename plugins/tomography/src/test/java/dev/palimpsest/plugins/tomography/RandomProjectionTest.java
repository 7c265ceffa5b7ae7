package dev.palimpsest.plugins.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RandomProjectionTest {
    private static final int N = 40_000;

    private final RandomGenerator rng = generator(3);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static INDArray conditioning(Observations observations) {
        return observations.conditioning().orElseThrow();
    }

    /** U U^T of one item, from the upper triangle. */
    private static double[][] projector(float[] triangle, int item, int d) {
        double[][] p = new double[d][d];
        int next = item * d * (d + 1) / 2;
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                p[i][j] = triangle[next];
                p[j][i] = triangle[next++];
            }
        }
        return p;
    }

    private static double[] times(double[][] p, double[] v) {
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < v.length; j++) {
                product[i] += p[i][j] * v[j];
            }
        }
        return product;
    }

    private static INDArray repeated(double... x) {
        return Nd4j.zeros(N, x.length).addiRowVector(Nd4j.createFromArray(x).castTo(Nd4j.defaultFloatingPointType()));
    }

    @Test
    void the_same_generator_gives_the_same_result_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(rng, 5, 3);
        INDArray before = x.dup();
        RandomProjection model = new RandomProjection();
        Observations one = model.prepare(new long[] {3}).apply(x, generator(9));
        Observations two = model.apply(x.dup('f'), generator(9));
        assertThat(one.y().shape()).containsExactly(5, 3);
        assertThat(conditioning(one).shape()).containsExactly(5, 6);
        assertThat(two.y()).isEqualTo(one.y());
        assertThat(conditioning(two)).isEqualTo(conditioning(one));
        assertThat(conditioning(model.apply(x, generator(10)))).isNotEqualTo(conditioning(one));
        assertThat(x).isEqualTo(before);
    }

    @Test
    void a_batch_is_the_same_as_its_items_one_after_the_other() {
        INDArray x = Samples.gaussian(rng, 3, 4);
        Observations batch = new RandomProjection(2, .1).apply(x, generator(9));
        RandomGenerator same = generator(9);
        for (int item = 0; item < 3; item++) {
            Observations alone = new RandomProjection(2, .1).apply(x.get(NDArrayIndex.interval(item, item + 1)), same);
            assertThat(alone.y()).isEqualTo(batch.y().get(NDArrayIndex.interval(item, item + 1)));
            assertThat(conditioning(alone)).isEqualTo(conditioning(batch).get(NDArrayIndex.interval(item, item + 1)));
        }
    }

    /** Rounding of the float32 conditioning: 1e-6. */
    @Test
    void the_conditioning_is_a_projector_of_the_rank_asked_for() {
        for (int d : new int[] {1, 2, 5, 32}) {
            for (int directions : new int[] {1, (d + 1) / 2, d}) {
                float[] triangles = conditioning(new RandomProjection(directions, .1).apply(Nd4j.zeros(20, d), rng))
                        .data()
                        .asFloat();
                for (int item = 0; item < 20; item++) {
                    double[][] p = projector(triangles, item, d);
                    double trace = 0;
                    for (int i = 0; i < d; i++) {
                        assertThat(times(p, p[i])).containsExactly(p[i], within(1e-6));
                        trace += p[i][i];
                    }
                    assertThat(trace).isCloseTo(directions, within(1e-6 * d));
                }
            }
        }
    }

    /** In the seen plane y is x + noise xi: without noise P y = P x, to the rounding of y and P. */
    @Test
    void without_noise_what_is_seen_is_exact() {
        INDArray x = Samples.gaussian(rng, 200, 5);
        Observations observed = new RandomProjection(2, 0).apply(x, rng);
        float[] triangles = conditioning(observed).data().asFloat();
        for (int item = 0; item < 200; item++) {
            double[][] p = projector(triangles, item, 5);
            assertThat(times(p, observed.y().getRow(item).toDoubleVector()))
                    .containsExactly(times(p, x.getRow(item).toDoubleVector()), within(1e-5));
        }
    }

    /**
     * P (y - x) has the squared norm noise^2 chi^2 with k degrees of freedom, (I - P) y that of one with d - k, and both have mean 0: a sum of squares of m normal
     * values of variance v has the mean m v and the standard deviation v sqrt(2m).
     */
    @Test
    void the_seen_plane_has_the_noise_asked_for_and_the_rest_is_standard_normal_whatever_x() {
        int d = 5;
        int k = 2;
        double[] x = {5, -3, 0, 2, 1};
        Observations observed = new RandomProjection(k, .2).apply(repeated(x), rng);
        float[] triangles = conditioning(observed).data().asFloat();
        float[] y = observed.y().data().asFloat();
        double seen = 0;
        double filled = 0;
        double[] error = new double[d];
        double[] filler = new double[d];
        for (int item = 0; item < N; item++) {
            double[][] p = projector(triangles, item, d);
            double[] difference = new double[d];
            double[] whole = new double[d];
            for (int i = 0; i < d; i++) {
                whole[i] = y[item * d + i];
                difference[i] = whole[i] - x[i];
            }
            double[] inPlane = times(p, difference);
            double[] shadow = times(p, whole);
            for (int i = 0; i < d; i++) {
                seen += inPlane[i] * inPlane[i];
                filled += (whole[i] - shadow[i]) * (whole[i] - shadow[i]);
                error[i] += inPlane[i] / N;
                filler[i] += (whole[i] - shadow[i]) / N;
            }
        }
        assertThat(seen).isCloseTo(.04 * k * N, within(4 * .04 * Math.sqrt(2. * k * N)));
        assertThat(filled).isCloseTo((d - k) * N, within(4 * Math.sqrt(2. * (d - k) * N)));
        // a coordinate of P xi has the variance k/d, of (I - P) zeta (d - k)/d
        assertThat(error).containsOnly(new double[] {0}, within(4 * .2 * Math.sqrt((double) k / d / N)));
        assertThat(filler).containsOnly(new double[] {0}, within(4 * Math.sqrt((double) (d - k) / d / N)));
    }

    /**
     * E[y | x] = E[P] x = (k/d) x. For x = e_1, k = 1 and no noise, y_1 = P_11 + ..., with E[P_11^2] = 3/(d (d + 2)): the variance of y_1 is
     * 3/(d (d + 2)) - 1/d^2 + (d - 1)/d, and of y_2, 1/(d (d + 2)) + (d - 1)/d; the fourth moments are below 3.1 times the square of the second.
     */
    @Test
    void the_mean_and_the_covariance_of_y_have_their_closed_forms() {
        for (int d : new int[] {2, 3, 8}) {
            double[] x = new double[d];
            x[0] = 1;
            INDArray y = new RandomProjection(1, 0).apply(repeated(x), rng).y();
            double along = 3. / (d * (d + 2)) - 1. / (d * d) + (d - 1.) / d;
            double across = 1. / (d * (d + 2)) + (d - 1.) / d;
            INDArray first = y.getColumn(0).sub(1. / d);
            INDArray second = y.getColumn(1);
            assertThat(first.meanNumber().doubleValue()).isCloseTo(0, within(4 * Math.sqrt(along / N)));
            assertThat(second.meanNumber().doubleValue()).isCloseTo(0, within(4 * Math.sqrt(across / N)));
            assertThat(first.mul(first).meanNumber().doubleValue())
                    .isCloseTo(along, within(4 * along * Math.sqrt(2.1 / N)));
            assertThat(second.mul(second).meanNumber().doubleValue())
                    .isCloseTo(across, within(4 * across * Math.sqrt(2.1 / N)));
            assertThat(first.mul(second).meanNumber().doubleValue())
                    .isCloseTo(0, within(4 * Math.sqrt(3.1 * along * across / N)));
        }
    }

    /** The angle 2a of u u^T, u = (cos a, sin a), is in each of 16 sectors N/16 = 2500 times, with the standard deviation 48.4. */
    @Test
    void in_the_plane_all_directions_are_equally_likely() {
        float[] triangles = conditioning(new RandomProjection().apply(Nd4j.zeros(N, 2), rng))
                .data()
                .asFloat();
        int[] sectors = new int[16];
        for (int item = 0; item < N; item++) {
            double cos = triangles[3 * item] - triangles[3 * item + 2];
            double sin = 2 * triangles[3 * item + 1];
            sectors[(int) Math.floor((Math.atan2(sin, cos) / (2 * Math.PI) + 1) * 16) % 16]++;
        }
        for (int count : sectors) {
            assertThat((double) count).isCloseTo(N / 16., within(4 * 48.4));
        }
    }

    /** For a uniform plane of k of d dimensions, E[P] = k/d I and E[P_11^2] = k (k + 2)/(d (d + 2)); P_11 is in [0, 1], so that a mean errs by at most 1/(2 sqrt(N)). */
    @Test
    void planes_of_more_directions_are_uniform_as_well() {
        INDArray known = conditioning(new RandomProjection(2, 0).apply(Nd4j.zeros(N, 4), rng));
        for (int diagonal : new int[] {0, 4, 7, 9}) {
            INDArray entry = known.getColumn(diagonal);
            assertThat(entry.meanNumber().doubleValue()).isCloseTo(.5, within(2 / Math.sqrt(N)));
            assertThat(entry.mul(entry).meanNumber().doubleValue()).isCloseTo(8. / 24, within(2 / Math.sqrt(N)));
        }
        for (int off : new int[] {1, 2, 3, 5, 6, 8}) {
            assertThat(known.getColumn(off).meanNumber().doubleValue()).isCloseTo(0, within(2 / Math.sqrt(N)));
        }
    }

    @Test
    void what_it_cannot_take_is_refused_with_what_it_could() {
        assertThatThrownBy(() -> new RandomProjection().apply(Nd4j.zeros(4, 1, 8, 8), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "random-projection needs vectors [d], got items of shape [1, 8, 8]; for images there is tomography");
        assertThatThrownBy(() -> new RandomProjection().prepare(new long[] {784}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "random-projection needs vectors of at most 32 coordinates, because its conditioning has d (d + 1)/2, got 784;"
                                + " for images [channels, height, width] there is tomography");
        assertThatThrownBy(() -> new RandomProjection(3, 0).prepare(new long[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("random-projection: directions must be at most 2 for vectors of 2 coordinates, got 3");
        assertThatThrownBy(() -> new RandomProjection(0, 0)).hasMessage("directions must be at least 1, got 0");
    }
}
