package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.chain.Chain;
import dev.palimpsest.plugins.downsample.Downsample;
import dev.palimpsest.plugins.gaussianblur.GaussianBlur;
import dev.palimpsest.plugins.jpeg.Jpeg;
import dev.palimpsest.plugins.masking.BlockMask;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.motionblur.MotionBlur;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.noise.Linear;
import dev.palimpsest.plugins.noise.PoissonNoise;
import dev.palimpsest.plugins.saturation.Saturation;
import dev.palimpsest.plugins.tomography.Tomography;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** How far F reaches, found by calling it. */
class ReachTest {
    private static final RandomStreams STREAMS = new RandomStreams(5);
    private static final INDArray IMAGE =
            Samples.gaussian(STREAMS.stream("image", 0), 1, 2, 48, 64).muli(.3);

    private static OptionalInt of(ForwardModel forward) {
        return Reach.of(forward.prepare(new long[] {2, 48, 64}), IMAGE, STREAMS);
    }

    @Test
    void noise_and_lost_pixels_reach_nowhere() {
        assertThat(of(new GaussianNoise(.5))).hasValue(0);
        assertThat(of(new RandomMask(.5, .01))).hasValue(0);
        assertThat(of(new BlockMask(8, .01))).hasValue(0);
        assertThat(of(new Linear(.5, .1))).hasValue(0);
        assertThat(of(new Saturation(1.5, 256, .05))).hasValue(0);
    }

    /** Half of the line, and the pixel that its end lies beside. */
    @Test
    void motion_reaches_half_of_its_line() {
        assertThat(of(new MotionBlur(7, .01, false))).hasValue(4);
    }

    @Test
    void averages_over_blocks_reach_across_a_block() {
        assertThat(of(new Downsample(2, .01, false, 0))).hasValue(1);
        assertThat(of(new Downsample(4, .01, false, 0))).hasValue(3);
        assertThat(of(new Downsample(4, .01, true, 0))).hasValue(3);
    }

    @Test
    void jpeg_of_grey_reaches_across_a_block() {
        INDArray grey = IMAGE.get(
                        NDArrayIndex.all(), NDArrayIndex.interval(0, 1), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
        assertThat(Reach.of(new Jpeg(30, 90).prepare(new long[] {1, 48, 64}), grey, STREAMS))
                .hasValue(7);
    }

    @Test
    void one_after_the_other_they_reach_as_far_as_both() {
        assertThat(of(new Chain(List.of(new GaussianBlur(1, 0), new Downsample(2, .01, false, 0)))))
                .hasValue(4);
    }

    /** Photon counts take more draws of the generator where there are more photons, so that one pixel moves the draws of all that follow. */
    @Test
    void photon_counts_reach_nowhere_though_all_that_follows_is_drawn_otherwise() {
        assertThat(of(new PoissonNoise(20))).hasValue(0);
        assertThat(of(new PoissonNoise(2000))).hasValue(0);
    }

    /** The kernel of a blur of sigma 1 ends after 3 pixels, where a hundredth of its middle is left; counts are rounded to 8 bits, as a camera does. */
    @Test
    void photon_counts_of_what_is_blurred_reach_as_far_as_the_blur() {
        assertThat(of(new Chain(List.of(new GaussianBlur(1, 0), new PoissonNoise(400)))))
                .hasValue(3);
        assertThat(of(new Chain(List.of(new GaussianBlur(1, 0), new PoissonNoise(400), new Saturation(1, 256, 0)))))
                .hasValue(3);
    }

    /** The kernel ends at ceil(3 sigma), where it is exp(-9/2) of its middle. */
    @Test
    void a_blur_reaches_as_far_as_its_kernel() {
        assertThat(of(new GaussianBlur(1, .1))).hasValue(3);
        assertThat(of(new GaussianBlur(2.5, 0))).hasValue(8);
    }

    @Test
    void a_shift_reaches_as_far_as_it_goes_in_one_direction_only() {
        assertThat(of(new Shift(7))).hasValue(7);
    }

    @Test
    void tomography_reaches_across_the_image() {
        assertThat(Reach.of(
                        new Tomography(12, .02, .1).prepare(new long[] {1, 32, 32}),
                        IMAGE.get(
                                        NDArrayIndex.all(),
                                        NDArrayIndex.interval(0, 1),
                                        NDArrayIndex.interval(0, 32),
                                        NDArrayIndex.interval(0, 32))
                                .dup('c'),
                        STREAMS))
                .isEmpty();
    }

    /** Every column becomes the one so many columns before it. */
    private record Shift(int columns) implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = x.dup('c');
            y.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(columns, x.size(3)))
                    .assign(x.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(0, x.size(3) - columns)));
            return Observations.of(y);
        }
    }
}
