package dev.palimpsest.plugins.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class JpegTest {
    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static INDArray compressed(INDArray x, int quality) {
        return new Jpeg(quality, quality).apply(x, generator(1)).y();
    }

    /** The input picture of a golden column (0), or what Pillow gave back after JPEG at the n-th of its qualities. */
    private static INDArray picture(String name, int n) throws IOException {
        Raster column = ImageIO.read(JpegTest.class.getResource("golden-" + name + ".png"))
                .getRaster();
        INDArray picture = Nd4j.zeros(1, column.getNumBands(), 30, 44);
        for (int channel = 0; channel < column.getNumBands(); channel++) {
            for (int i = 0; i < 1320; i++) {
                double value = column.getSample(i % 44, 30 * n + i / 44, channel) / 127.5 - 1;
                picture.putScalar(new int[] {0, channel, i / 44, i % 44}, value);
            }
        }
        return picture;
    }

    private static double squaredError(INDArray x, INDArray y) {
        INDArray difference = x.sub(y);
        return difference.mul(difference).meanNumber().doubleValue();
    }

    @Test
    void it_is_found_with_its_defaults() {
        assertThat(ServiceLoader.load(ForwardModel.class)).containsExactly(new Jpeg(10, 50));
    }

    /** At these qualities libjpeg's whole percentages, 5000 / q and 200 - 2 q, are exact, and so the quantisation tables are equal; so is all arithmetic after them. */
    @ParameterizedTest
    @CsvSource({
        "grey, 1, 5", "grey, 2, 10", "grey, 3, 25", "grey, 5, 50", "grey, 6, 75", "grey, 7, 95",
        "colour, 1, 5", "colour, 2, 10", "colour, 3, 25", "colour, 5, 50", "colour, 6, 75", "colour, 7, 95"
    })
    void pillow_gives_the_same_bytes(String name, int n, int quality) throws IOException {
        assertThat(squaredError(compressed(picture(name, 0), quality), picture(name, n)))
                .isLessThan(1e-12);
    }

    /** libjpeg scales its tables by 5000 / 30 = 166 percent where Java has 166.67: some entries differ by one in 165, which moves few pixels and by one byte. */
    @ParameterizedTest
    @ValueSource(strings = {"grey", "colour"})
    void where_libjpeg_rounds_its_percentage_pillow_differs_by_a_byte_at_most(String name) throws IOException {
        INDArray clean = picture(name, 0);
        INDArray y = compressed(clean, 30);
        INDArray pillow = picture(name, 4);
        for (float difference : y.sub(pillow).data().asFloat()) {
            assertThat(difference).isBetween(-1.001f / 127.5f, 1.001f / 127.5f);
        }
        double decibels = 10 * Math.log10(squaredError(clean, pillow) / squaredError(clean, y));
        assertThat(decibels).isCloseTo(0, within(.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey", "colour"})
    void the_error_falls_as_the_quality_rises(String name) throws IOException {
        INDArray clean = picture(name, 0);
        double previous = Double.POSITIVE_INFINITY;
        for (int quality : new int[] {1, 5, 10, 20, 35, 50, 65, 80, 90, 100}) {
            double error = squaredError(clean, compressed(clean, quality));
            assertThat(error).isLessThan(previous);
            previous = error;
        }
    }

    /** A constant block has only its mean, quantised in steps of 16 (2 - q / 50) / 8 bytes: with q = 90, .4 bytes, so that rounding to bytes is all that is lost. */
    @Test
    void a_constant_grey_image_comes_back_to_the_byte_at_a_high_quality() {
        for (int level = 0; level < 256; level += 5) {
            INDArray x = Nd4j.ones(1, 1, 17, 9).muli(level / 127.5 - 1);
            assertThat(squaredError(compressed(x, 90), x)).isLessThan(1e-12);
        }
    }

    /** At q = 10 a block's mean, 8 (b - 128) before quantisation, has the step 80 (16 times 5), which is 10 bytes: 128 + 10 n. */
    @ParameterizedTest
    @CsvSource({"128, 128", "132, 128", "134, 138", "101, 98", "255, 255"})
    void a_constant_grey_image_moves_to_the_nearest_quantised_mean(int before, int after) {
        INDArray x = Nd4j.ones(1, 1, 8, 8).muli(before / 127.5 - 1);
        INDArray expected = Nd4j.ones(1, 1, 8, 8).muli(after / 127.5 - 1);
        assertThat(squaredError(compressed(x, 10), expected)).isLessThan(1e-12);
    }

    @Test
    void what_is_outside_of_the_bytes_is_clipped() {
        INDArray x = Nd4j.createFromArray(-3f, 3).reshape(2, 1, 1, 1);
        assertThat(compressed(x, 100).data().asFloat()).containsExactly(-1, 1);
    }

    /** Of 8,000 qualities, each of 4 has 2,000 with the standard deviation sqrt(8000 / 4 * 3 / 4) = 38.7. */
    @Test
    void qualities_are_uniform_and_the_conditioning_is_q_over_50_less_1() {
        Observations observed = new Jpeg(49, 52).apply(Nd4j.zeros(8000, 1, 1, 1), generator(2));
        INDArray conditioning = observed.conditioning().orElseThrow();
        assertThat(conditioning.shape()).containsExactly(8000, 1);
        int[] counts = new int[4];
        for (float value : conditioning.data().asFloat()) {
            assertThat(value).isIn(-.02f, 0f, .02f, .04f);
            counts[Math.round(50 * value) + 1]++;
        }
        for (int count : counts) {
            assertThat((double) count).isCloseTo(2000, within(4 * 38.7));
        }
    }

    @Test
    void each_image_has_the_quality_that_its_conditioning_states() throws IOException {
        INDArray clean = picture("colour", 0);
        Observations observed = new Jpeg(5, 95).apply(Nd4j.concat(0, clean, clean, clean, clean), generator(2));
        float[] conditioning = observed.conditioning().orElseThrow().data().asFloat();
        for (int item = 0; item < 4; item++) {
            assertThat(observed.y().get(NDArrayIndex.interval(item, item + 1)))
                    .isEqualTo(compressed(clean, Math.round(50 * (conditioning[item] + 1))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void a_batch_is_its_items_one_by_one_with_the_same_generator_and_x_is_left_alone(int channels) {
        INDArray x = Samples.uniform(generator(2), 3, channels, 11, 9)
                .muli(2)
                .subi(1)
                .permute(0, 1, 3, 2);
        INDArray before = x.dup();
        Observations all = new Jpeg().prepare(new long[] {channels, 9, 11}).apply(x, generator(3));
        RandomGenerator one = generator(3);
        for (int item = 0; item < 3; item++) {
            Observations single = new Jpeg().apply(x.get(NDArrayIndex.interval(item, item + 1)), one);
            assertThat(single.y()).isEqualTo(all.y().get(NDArrayIndex.interval(item, item + 1)));
        }
        assertThat(new Jpeg().apply(x, generator(4)).y()).isNotEqualTo(all.y());
        assertThat(x).isEqualTo(before);
    }

    @Test
    void many_threads_may_call_it_at_once() {
        INDArray x = Samples.uniform(generator(2), 4, 3, 16, 16);
        Jpeg model = new Jpeg();
        List<INDArray> alone = IntStream.range(0, 16)
                .mapToObj(seed -> model.apply(x, generator(seed)).y())
                .collect(Collectors.toList());
        List<INDArray> together = IntStream.range(0, 16)
                .parallel()
                .mapToObj(seed -> model.apply(x, generator(seed)).y())
                .collect(Collectors.toList());
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void what_it_cannot_take_is_refused() {
        assertThatThrownBy(() -> new Jpeg().prepare(new long[] {4, 28, 28}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "jpeg needs images [channels, height, width] of 1 or 3 channels, got items of shape [4, 28, 28]");
        assertThatThrownBy(() -> new Jpeg().apply(Nd4j.zeros(4, 2), generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got items of shape [2]");
        assertThatThrownBy(() -> new Jpeg(50, 10)).hasMessage("from must be at most to, got from 50 and to 10");
        assertThatThrownBy(() -> new Jpeg(0, 10)).hasMessage("from must be at least 1 and at most 100, got 0");
        assertThatThrownBy(() -> new Jpeg(10, 101)).hasMessage("to must be at least 1 and at most 100, got 101");
    }
}
