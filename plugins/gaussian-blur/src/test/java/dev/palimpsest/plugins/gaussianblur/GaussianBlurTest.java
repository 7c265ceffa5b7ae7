package dev.palimpsest.plugins.gaussianblur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class GaussianBlurTest {
    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static float[] blurred(double sigma, INDArray x) {
        return new GaussianBlur(sigma, 0).apply(x, generator(1)).y().data().asFloat();
    }

    @Test
    void it_is_found_with_the_defaults_of_the_paper() {
        assertThat(ServiceLoader.load(ForwardModel.class)).containsExactly(new GaussianBlur(1, .1));
    }

    static Stream<String> golden() throws IOException {
        try (InputStream file = GaussianBlurTest.class.getResourceAsStream("golden.csv")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void scipy_gives_the_same_also_for_images_smaller_than_the_kernel(String row) {
        String[] cells = row.split(",");
        int size = cells.length - 4;
        float[] values = new float[size];
        for (long i = 0; i < size; i++) {
            values[(int) i] = (float) ((i * i * 7 + i * 13 + 5) % 256 / 127.5 - 1);
        }
        INDArray x = Nd4j.createFromArray(values)
                .reshape('c', 1, Long.parseLong(cells[1]), Long.parseLong(cells[2]), Long.parseLong(cells[3]));
        float[] y = blurred(Double.parseDouble(cells[0]), x);
        assertThat(y).hasSize(size);
        for (int i = 0; i < size; i++) {
            assertThat(y[i]).isCloseTo(Float.parseFloat(cells[i + 4]), within(1e-5f));
        }
    }

    /** Weights and sums are float32: a few units in the last place. */
    @ParameterizedTest
    @CsvSource({"1, 9, 6", "3.5, 3, 20", "20, 5, 4"})
    void a_constant_image_is_unchanged(double sigma, int height, int width) {
        for (float value : blurred(sigma, Nd4j.ones(2, 3, height, width).muli(-.7))) {
            assertThat(value).isCloseTo(-.7f, within(1e-5f));
        }
    }

    /** Cosine k of n pixels, cos(pi k (j + 1/2) / n), comes back with the gain h(k) = g(0) + 2 sum over m of g(m) cos(pi k m / n), in each direction. */
    @ParameterizedTest
    @CsvSource({"1, 0, 5", "1, 3, 4", "1, 11, 0", "2.2, 1, 2", ".5, 11, 8"})
    void the_cosines_of_the_dct_are_eigenvectors(double sigma, int k, int l) {
        int height = 12;
        int width = 9;
        INDArray x = Nd4j.zeros(1, 1, height, width);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double value =
                        Math.cos(Math.PI * k * (row + .5) / height) * Math.cos(Math.PI * l * (column + .5) / width);
                x.putScalar(new int[] {0, 0, row, column}, value);
            }
        }
        double gain = gain(sigma, k, height) * gain(sigma, l, width);
        float[] expected = x.mul(gain).data().asFloat();
        float[] y = blurred(sigma, x);
        for (int i = 0; i < y.length; i++) {
            assertThat(y[i]).isCloseTo(expected[i], within(1e-6f));
        }
    }

    private static double gain(double sigma, int k, int n) {
        double sum = 0;
        double weighted = 0;
        for (int m = -(int) Math.ceil(3 * sigma); m <= Math.ceil(3 * sigma); m++) {
            double weight = Math.exp(-m * m / (2 * sigma * sigma));
            sum += weight;
            weighted += weight * Math.cos(Math.PI * k * m / n);
        }
        return weighted / sum;
    }

    /** 30,720 values: the mean has the standard error .3 / sqrt(n), the mean square .09 sqrt(2 / n). */
    @Test
    void the_noise_is_added_after_the_blur() {
        INDArray x = Samples.gaussian(generator(2), 30, 1, 32, 32);
        INDArray noise = new GaussianBlur(1, .3)
                .apply(x, generator(3))
                .y()
                .sub(new GaussianBlur(1, 0).apply(x, generator(3)).y());
        assertThat(noise.meanNumber().doubleValue()).isCloseTo(0, within(4 * .3 / Math.sqrt(30_720)));
        assertThat(noise.mul(noise).meanNumber().doubleValue())
                .isCloseTo(.09, within(4 * .09 * Math.sqrt(2 / 30_720.)));
    }

    @Test
    void a_batch_is_its_items_one_by_one_with_the_same_generator_and_x_is_left_alone() {
        INDArray x = Samples.gaussian(generator(2), 3, 2, 5, 4).permute(0, 1, 3, 2);
        INDArray before = x.dup();
        INDArray y = new GaussianBlur()
                .prepare(new long[] {2, 4, 5})
                .apply(x, generator(3))
                .y();
        RandomGenerator one = generator(3);
        for (int item = 0; item < 3; item++) {
            INDArray single = x.get(NDArrayIndex.interval(item, item + 1));
            assertThat(new GaussianBlur().apply(single, one).y())
                    .isEqualTo(y.get(NDArrayIndex.interval(item, item + 1)));
        }
        assertThat(new GaussianBlur().apply(x, generator(4)).y()).isNotEqualTo(y);
        assertThat(x).isEqualTo(before);
    }

    /** g(1) = exp(-5000), which is 0 in double precision. */
    @Test
    void the_least_sigma_leaves_images_as_they_are() {
        INDArray x = Samples.gaussian(generator(2), 2, 1, 4, 5);
        assertThat(new GaussianBlur(.01, 0).apply(x, generator(3)).y()).isEqualTo(x);
    }

    @Test
    void what_it_cannot_take_is_refused() {
        assertThatThrownBy(() -> new GaussianBlur().apply(Nd4j.zeros(4, 2), generator(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gaussian-blur needs images [channels, height, width], got items of shape [2]");
        assertThatThrownBy(() -> new GaussianBlur().prepare(new long[] {28, 28}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got items of shape [28, 28]");
        assertThatThrownBy(() -> new GaussianBlur(0, .1))
                .hasMessage("sigma must be at least 0.01 and at most 1000, got 0.0");
        assertThatThrownBy(() -> new GaussianBlur(1, -.1)).hasMessage("noise must be at least 0, got -0.1");
    }
}
