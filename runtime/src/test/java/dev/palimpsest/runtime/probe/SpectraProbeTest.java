package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.gaussianblur.GaussianBlur;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.transport.Cosines;
import dev.palimpsest.runtime.transport.Spectra;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What F does to each mode of cosines, by calling it. */
class SpectraProbeTest {
    private static final RandomStreams STREAMS = new RandomStreams(4);
    private static final int SIZE = 16;
    private static final int ITEMS = 512;

    /** Gaussian fields whose mode (k, l) has the power 1 / (1 + k^2 + l^2). */
    private static INDArray fields() {
        float[] modes = Samples.gaussian(STREAMS.stream("fields", 0), ITEMS * SIZE * SIZE)
                .data()
                .asFloat();
        for (int i = 0; i < modes.length; i++) {
            modes[i] *= (float) Math.sqrt(power(i % (SIZE * SIZE)));
        }
        new Cosines(SIZE, SIZE).back(modes);
        return Nd4j.createFromArray(modes).reshape('c', ITEMS, 1, SIZE, SIZE);
    }

    private static double power(int mode) {
        int k = mode / SIZE;
        int l = mode % SIZE;
        return 1 / (1. + k * k + l * l);
    }

    private static Spectra of(ForwardModel forward) {
        return SpectraProbe.of(
                forward, forward.apply(fields(), STREAMS.stream("observed", 0)).y(), STREAMS);
    }

    /** A mean square of 512 items has a standard error of 1/16, and less where modes are averaged: five of them. */
    @Test
    void of_noise_it_finds_the_gain_the_noise_and_the_powers_of_the_clean_fields() {
        Spectra spectra = of(new GaussianNoise(.2));
        for (int mode = 0; mode < SIZE * SIZE; mode++) {
            assertThat(spectra.gain()[mode]).isCloseTo(1, within(1e-4f));
            assertThat((double) spectra.noise()[mode]).isCloseTo(.04, within(.04 * 5 / 16));
        }
        for (int mode : new int[] {0, 1, SIZE, 2 * SIZE + 2}) {
            assertThat((double) spectra.clean()[mode]).isCloseTo(power(mode), within(power(mode) * 5 / 16 + .01));
        }
    }

    /** The kernel exp(-m^2/2) has the transfer exp(-omega^2/2) along each axis, but for its end at three deviations. */
    @Test
    void of_a_blur_it_finds_the_transfer_and_goes_on_by_a_power_law_where_nothing_is_seen() {
        Spectra spectra = of(new GaussianBlur(1, .1));
        for (int mode : new int[] {0, 1, 3, 2 * SIZE, 4 * SIZE + 4}) {
            double k = Math.PI * (mode / SIZE) / SIZE;
            double l = Math.PI * (mode % SIZE) / SIZE;
            assertThat((double) spectra.gain()[mode]).isCloseTo(Math.exp(-(k * k + l * l) / 2), within(.05));
        }
        int hidden = SIZE * SIZE - 1;
        assertThat(spectra.clean()[hidden]).isPositive().isLessThan(spectra.clean()[4 * SIZE + 4]);
    }

    /** Values end at a brightness, as those of a sensor do. */
    private record Clipped(double at) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(Transforms.min(Transforms.max(x, -at), at));
        }
    }

    private static boolean fits(ForwardModel forward, INDArray clean) {
        return SpectraProbe.fits(
                forward, forward.apply(clean, STREAMS.stream("observed", 0)).y(), STREAMS);
    }

    @Test
    void spectra_fit_noise_and_blur_of_stationary_fields() {
        assertThat(fits(new GaussianNoise(.2), fields())).isTrue();
        assertThat(fits(new GaussianBlur(1, .1), fields())).isTrue();
    }

    @Test
    void they_do_not_fit_a_corruption_that_bends() {
        assertThat(fits(new Clipped(.3), fields())).isFalse();
    }

    /** A bump of height 1 in the middle, where the fields have a deviation of about .4: 512 items tell it. */
    @Test
    void they_do_not_fit_centred_objects() {
        INDArray centred = fields();
        for (int item = 0; item < ITEMS; item++) {
            for (int row = 6; row < 10; row++) {
                for (int column = 6; column < 10; column++) {
                    centred.putScalar(new int[] {item, 0, row, column}, 1 + centred.getDouble(item, 0, row, column));
                }
            }
        }
        assertThat(fits(new GaussianNoise(.2), centred)).isFalse();
    }

    @Test
    void they_do_not_fit_a_handful_of_items() {
        assertThat(fits(new GaussianNoise(.2), fields().get(NDArrayIndex.interval(0, 31))))
                .isFalse();
    }

    @Test
    void cosines_are_orthonormal_and_a_cosine_is_one_mode() {
        Cosines cosines = new Cosines(4, 6);
        float[] image = new float[24];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 6; j++) {
                image[i * 6 + j] =
                        (float) (Math.cos(Math.PI * 2 * (i + .5) / 4) * Math.cos(Math.PI * 3 * (j + .5) / 6));
            }
        }
        float[] modes = image.clone();
        cosines.forward(modes);
        float[] expected = new float[24];
        expected[2 * 6 + 3] = (float) Math.sqrt(4 * 6 / 4.);
        assertThat(modes).containsExactly(expected, within(1e-5f));
        cosines.back(modes);
        assertThat(modes).containsExactly(image, within(1e-5f));
    }
}
