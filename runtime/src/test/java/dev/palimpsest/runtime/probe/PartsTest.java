package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.gaussianblur.GaussianBlur;
import dev.palimpsest.plugins.masking.BlockMask;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.noise.PoissonNoise;
import dev.palimpsest.runtime.data.RandomStreams;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What F does to a part of an image, within it and alone. */
class PartsTest {
    private static final RandomStreams STREAMS = new RandomStreams(6);
    private static final INDArray IMAGE =
            Samples.gaussian(STREAMS.stream("image", 0), 1, 1, 60, 48).muli(.3);

    private static Parts of(ForwardModel forward, int margin) {
        return Parts.of(forward, IMAGE, new int[] {16, 16}, margin, STREAMS);
    }

    /** The variance of the noise is .04, known to its 8192 draws: a standard error of .0006. */
    @Test
    void noise_changes_a_part_as_much_alone_as_within_the_image() {
        Parts parts = of(new GaussianNoise(.2), 0);
        assertThat(parts.alone()).isCloseTo(.04, within(.003));
        assertThat(parts.within()).isCloseTo(.04, within(.003));
        assertThat(parts.differ()).isFalse();
    }

    @Test
    void so_do_blurs_lost_pixels_and_photons() {
        assertThat(of(new GaussianBlur(1, .1), 3).differ()).isFalse();
        assertThat(of(new RandomMask(.5, .01), 0).differ()).isFalse();
        assertThat(of(new PoissonNoise(20), 0).differ()).isFalse();
    }

    /** A block of 8 x 8 takes a quarter of 16 x 16 pixels, and a 45th of the image. */
    @Test
    void one_lost_block_an_image_is_another_matter() {
        assertThat(of(new BlockMask(8, .01), 0).differ()).isTrue();
    }
}
