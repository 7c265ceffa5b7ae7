package dev.palimpsest.plugins.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TomographyTest {
    private final RandomGenerator rng = generator(3);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static INDArray conditioning(Observations observations) {
        return observations.conditioning().orElseThrow();
    }

    @Test
    void the_two_models_are_found() {
        assertThat(ServiceLoader.load(ForwardModel.class).stream().map(ServiceLoader.Provider::get))
                .containsExactly(new Tomography(12, .05, .1), new RandomProjection(1, .1));
    }

    @Test
    void the_same_generator_gives_the_same_result_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(rng, 3, 2, 12, 10);
        INDArray before = x.dup();
        Tomography model = new Tomography();
        Observations one = model.prepare(new long[] {2, 12, 10}).apply(x, generator(9));
        Observations two = model.apply(x.dup('f'), generator(9));
        assertThat(one.y().shape()).containsExactly(3, 2, 12, 10);
        assertThat(conditioning(one).shape()).containsExactly(3, 2);
        assertThat(two.y()).isEqualTo(one.y());
        assertThat(conditioning(two)).isEqualTo(conditioning(one));
        assertThat(conditioning(model.apply(x, generator(10)))).isNotEqualTo(conditioning(one));
        assertThat(x).isEqualTo(before);
    }

    @Test
    void a_batch_is_the_same_as_its_items_one_after_the_other() {
        INDArray x = Samples.gaussian(rng, 3, 2, 12, 10);
        Observations batch = new Tomography().apply(x, generator(9));
        RandomGenerator same = generator(9);
        for (int item = 0; item < 3; item++) {
            INDArray one = x.get(NDArrayIndex.interval(item, item + 1));
            Observations alone = new Tomography().apply(one, same);
            assertThat(alone.y()).isEqualTo(batch.y().get(NDArrayIndex.interval(item, item + 1)));
            assertThat(conditioning(alone)).isEqualTo(conditioning(batch).get(NDArrayIndex.interval(item, item + 1)));
        }
    }

    /** The offset is read from the conditioning: it gives all the angles. Single precision: 1e-4 of values of about 1. */
    @Test
    void without_noise_every_channel_is_the_filtered_back_projection_at_the_angles_of_the_conditioning() {
        INDArray x = Samples.gaussian(rng, 4, 2, 12, 10);
        for (int angles : new int[] {1, 5}) {
            Observations observed = new Tomography(angles, 0, 0).apply(x, rng);
            for (int item = 0; item < 4; item++) {
                for (int channel = 0; channel < 2; channel++) {
                    float[] pixels = x.slice(item).slice(channel).dup().data().asFloat();
                    float[] y = new float[120];
                    for (ParallelBeam.View view : views(new ParallelBeam(12, 10), observed, item, angles)) {
                        float[] projection = view.project(pixels, 0);
                        view.addBackProjection(
                                new ParallelBeam(12, 10).filter(projection), (float) Math.PI / angles, y, 0);
                    }
                    assertThat(observed.y()
                                    .slice(item)
                                    .slice(channel)
                                    .dup()
                                    .data()
                                    .asFloat())
                            .containsExactly(y, within(1e-4f));
                }
            }
        }
    }

    private static ParallelBeam.View[] views(ParallelBeam beam, Observations observed, int item, int angles) {
        INDArray known = conditioning(observed);
        double phase = Math.atan2(known.getDouble(item, 1), known.getDouble(item, 0));
        ParallelBeam.View[] views = new ParallelBeam.View[angles];
        for (int k = 0; k < angles; k++) {
            views[k] = beam.at(phase / (2 * angles) + k * Math.PI / angles);
        }
        return views;
    }

    /** 10,000 angles: the cosine and the sine of a uniform one have mean 0 with the standard error sqrt(1/2n), and their products, too. */
    @Test
    void the_offset_is_uniform_and_given_as_a_point_of_the_circle() {
        INDArray known = conditioning(new Tomography(3, 0, 0).apply(Nd4j.zeros(10_000, 1, 1, 1), rng));
        INDArray cos = known.getColumn(0);
        INDArray sin = known.getColumn(1);
        double four = 4 * Math.sqrt(.5 / 10_000);
        assertThat(cos.mul(cos).addi(sin.mul(sin)).toFloatVector()).containsOnly(new float[] {1}, within(1e-6f));
        assertThat(cos.meanNumber().doubleValue()).isCloseTo(0, within(four));
        assertThat(sin.meanNumber().doubleValue()).isCloseTo(0, within(four));
        assertThat(cos.mul(cos).meanNumber().doubleValue()).isCloseTo(.5, within(four));
        assertThat(cos.mul(sin).meanNumber().doubleValue()).isCloseTo(0, within(four));
    }

    /**
     * With x = 0 and no filler, y is D pi/K sum_k A_k^T H xi_k noise, whose squared norm has the mean (D pi/K noise)^2 sum_k |A_k^T H|^2 (Frobenius). The ratio of
     * the two has the mean 1, with a standard error read from the 300 items.
     */
    @Test
    void the_noise_on_a_value_of_the_sinogram_is_in_the_units_of_x() {
        int n = 300;
        Observations observed = new Tomography(4, .2, 0).apply(Nd4j.zeros(n, 1, 9, 12), rng);
        ParallelBeam beam = new ParallelBeam(9, 12);
        double sum = 0;
        double squares = 0;
        for (int item = 0; item < n; item++) {
            double norm = 0;
            for (ParallelBeam.View view : views(beam, observed, item, 4)) {
                for (int bin = 0; bin < beam.bins(); bin++) {
                    float[] one = new float[beam.bins()];
                    one[bin] = (float) (.2 * 12);
                    float[] response = new float[108];
                    view.addBackProjection(beam.filter(one), (float) Math.PI / 4, response, 0);
                    norm += square(response);
                }
            }
            double ratio = square(observed.y().slice(item).dup().data().asFloat()) / norm;
            sum += ratio;
            squares += ratio * ratio;
        }
        double deviation = Math.sqrt(squares / n - sum / n * sum / n);
        assertThat(sum / n).isCloseTo(1, within(4 * deviation / Math.sqrt(n)));
        assertThat(deviation / Math.sqrt(n)).isLessThan(.02);
    }

    private static double square(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    /** n = 57,600 normal values: mean 0 with the standard error s/sqrt(n), mean square s^2 with s^2 sqrt(2/n), no correlation of neighbours with s^2/sqrt(n). */
    @Test
    void the_filler_is_white_noise_on_the_pixels() {
        float[] filler = new Tomography(4, 0, .3)
                .apply(Nd4j.zeros(100, 1, 24, 24), rng)
                .y()
                .data()
                .asFloat();
        double sum = 0;
        double products = 0;
        for (int i = 1; i < filler.length; i++) {
            sum += filler[i];
            products += filler[i] * filler[i - 1];
        }
        double n = filler.length;
        assertThat(sum / n).isCloseTo(0, within(4 * .3 / Math.sqrt(n)));
        assertThat(square(filler) / n).isCloseTo(.09, within(4 * .09 * Math.sqrt(2 / n)));
        assertThat(products / n).isCloseTo(0, within(4 * .09 / Math.sqrt(n)));
    }

    @Test
    void what_it_cannot_take_is_refused_with_what_it_could() {
        assertThatThrownBy(() -> new Tomography().prepare(new long[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tomography needs images [channels, height, width], got items of shape [2];"
                        + " for vectors there is random-projection");
        assertThatThrownBy(() -> new Tomography().apply(Nd4j.zeros(4, 2), rng))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2]");
        assertThatThrownBy(() -> new Tomography(0, 0, 0))
                .hasMessage("angles must be at least 1 and at most 10000, got 0");
        assertThatThrownBy(() -> new Tomography(10_001, 0, 0)).hasMessageContaining("got 10001");
        assertThatThrownBy(() -> new Tomography(1, -1, 0)).hasMessage("noise must be at least 0, got -1.0");
        assertThatThrownBy(() -> new Tomography(1, 0, -1)).hasMessage("filler must be at least 0, got -1.0");
    }
}
