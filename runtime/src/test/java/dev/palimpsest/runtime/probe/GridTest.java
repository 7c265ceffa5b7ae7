package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.chain.Chain;
import dev.palimpsest.plugins.downsample.Downsample;
import dev.palimpsest.plugins.gaussianblur.GaussianBlur;
import dev.palimpsest.plugins.jpeg.Jpeg;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.motionblur.MotionBlur;
import dev.palimpsest.plugins.noise.GaussianNoise;
import dev.palimpsest.plugins.noise.PoissonNoise;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The grids that the shipped forward models state, found by calling them at a smooth image. */
class GridTest {
    private static final RandomStreams STREAMS = new RandomStreams(1);

    private static int of(ForwardModel forward, int channels) {
        INDArray image = Samples.gaussian(STREAMS.stream("image", channels), 1, channels, 96, 96);
        INDArray smooth = new GaussianBlur(2, 0)
                .prepare(new long[] {channels, 96, 96})
                .apply(image, STREAMS.stream("blur", 0))
                .y();
        ForwardModel prepared = forward.prepare(new long[] {channels, 96, 96});
        int reach = Reach.of(prepared, smooth, STREAMS).orElseThrow();
        return Grid.of(prepared, smooth, reach, STREAMS);
    }

    @Test
    void what_does_the_same_at_all_places_has_none() {
        assertThat(of(new GaussianNoise(.2), 1)).isEqualTo(1);
        assertThat(of(new PoissonNoise(20), 1)).isEqualTo(1);
        assertThat(of(new RandomMask(.5, .01), 1)).isEqualTo(1);
        assertThat(of(new GaussianBlur(1, .1), 1)).isEqualTo(1);
        assertThat(of(new MotionBlur(7, .01, false), 1)).isEqualTo(1);
        assertThat(of(new Chain(List.of(new GaussianBlur(1, 0), new PoissonNoise(200))), 1))
                .isEqualTo(1);
    }

    @Test
    void averages_over_blocks_have_that_of_the_blocks() {
        assertThat(of(new Downsample(2, .01, false, 0), 1)).isEqualTo(2);
        assertThat(of(new Downsample(4, .01, false, 0), 1)).isEqualTo(4);
    }

    @Test
    void blocks_that_begin_anywhere_have_none() {
        assertThat(of(new Downsample(4, .01, true, 0), 1)).isEqualTo(1);
    }

    /** 8 x 8 of grey; of colours, which are kept at half the resolution, 16 x 16. */
    @Test
    void jpeg_has_that_of_its_blocks() {
        assertThat(of(new Jpeg(30, 90), 1)).isEqualTo(8);
        assertThat(of(new Jpeg(30, 90), 3)).isEqualTo(16);
    }
}
