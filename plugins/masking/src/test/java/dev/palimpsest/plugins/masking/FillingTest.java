package dev.palimpsest.plugins.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FillingTest {
    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(3);

    private interface Plane {
        double at(int row, int column);
    }

    /** One image of one channel. */
    private static INDArray image(int height, int width, Plane plane) {
        float[] values = new float[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) plane.at(i / width, i % width);
        }
        return Nd4j.createFromArray(values).reshape(1, 1, height, width);
    }

    private static INDArray filled(INDArray state, INDArray mask) {
        return new RandomMask().guess(state, Optional.of(mask)).orElseThrow();
    }

    private INDArray mask(double probability, long... shape) {
        return Samples.bernoulli(rng, 1 - probability, shape);
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Test
    void a_channel_of_one_value_is_filled_with_it() {
        INDArray mask = mask(.9, 2, 1, 12, 10);
        INDArray constants =
                Nd4j.ones(2, 3, 12, 10).mul(Nd4j.createFromArray(.1f, -.7f, 3).reshape(1, 3, 1, 1));
        INDArray state = constants.mul(mask).addi(mask.rsub(1).muli(5));
        assertThat(filled(state, mask)).isEqualTo(constants);
    }

    @Test
    void one_seen_pixel_fills_an_image() {
        INDArray mask = image(9, 30, (row, column) -> row == 8 && column == 0 ? 1 : 0);
        assertThat(filled(mask.mul(.3), mask)).isEqualTo(Nd4j.ones(1, 1, 9, 30).muli(.3));
    }

    @Test
    void where_nothing_is_seen_a_guess_is_0_and_where_all_is_seen_it_is_the_state() {
        INDArray state = Samples.gaussian(rng, 2, 3, 12, 10);
        assertThat(filled(state, Nd4j.zeros(2, 1, 12, 10))).isEqualTo(Nd4j.zeros(2, 3, 12, 10));
        assertThat(filled(state, Nd4j.ones(2, 1, 12, 10))).isEqualTo(state).isNotSameAs(state);
    }

    @Test
    void what_stands_in_lost_pixels_has_no_influence() {
        INDArray mask = mask(.5, 3, 1, 12, 10);
        INDArray state = Samples.gaussian(rng, 3, 2, 12, 10);
        float[] seen = values(mask);
        float[] other = values(state);
        for (int i = 0; i < other.length; i++) {
            if (seen[i / 240 * 120 + i % 120] == 0) {
                other[i] = i % 2 == 0 ? Float.NaN : Float.MAX_VALUE;
            }
        }
        assertThat(filled(Nd4j.createFromArray(other).reshape(3, 2, 12, 10), mask))
                .isEqualTo(filled(state, mask));
    }

    @Test
    void seen_pixels_stay_as_they_are_and_the_state_too() {
        INDArray mask = mask(.5, 3, 1, 12, 10);
        INDArray state = Samples.gaussian(rng, 3, 2, 12, 10);
        INDArray before = state.dup();
        assertThat(filled(state, mask).mul(mask)).isEqualTo(before.mul(mask));
        assertThat(state).isEqualTo(before);
    }

    /**
     * It bends nowhere, and a lost pixel's four neighbours have its value as their mean. Only the edges, where the image is taken to go on level, bend it, by
     * two more pixels in each of twelve steps.
     */
    @Test
    void a_plane_of_every_second_pixel_is_filled_as_a_plane() {
        INDArray plane = image(64, 70, (row, column) -> .01 * row - .006 * column + .1);
        INDArray mask = image(64, 70, (row, column) -> (row + column) % 2);
        INDArray filled = filled(plane.mul(mask), mask);
        for (int row = 26; row < 64 - 26; row++) {
            for (int column = 26; column < 70 - 26; column++) {
                assertThat(filled.getDouble(0, 0, row, column))
                        .isCloseTo(plane.getDouble(0, 0, row, column), within(1e-6));
            }
        }
    }

    /** Not one of the two rows and columns at each edge. */
    private static boolean inside(int row, int column, int height, int width) {
        return row >= 2 && row < height - 2 && column >= 2 && column < width - 2;
    }

    /**
     * The squared Laplacian of an image is least where a single lost pixel has 8/20 of its 4 neighbours, less 2/20 of the 4 diagonal ones and 1/20 of the 4
     * two pixels away. Twelve steps, each of which halves the distance to it (1 - 20 x 1.6 / 64 = 1/2), come from the mean of the 8 pixels about it to within
     * 1/4096 of it.
     */
    @Test
    void a_single_lost_pixel_gets_the_value_of_least_bending() {
        double[][] least = {
            {0, 0, -.05, 0, 0}, {0, -.1, .4, -.1, 0}, {-.05, .4, 0, .4, -.05}, {0, -.1, .4, -.1, 0}, {0, 0, -.05, 0, 0}
        };
        INDArray mask = image(5, 5, (row, column) -> row == 2 && column == 2 ? 0 : 1);
        for (int pixel = 0; pixel < 25; pixel++) {
            int at = pixel;
            INDArray impulse = image(5, 5, (row, column) -> row * 5 + column == at ? 1 : 0);
            double weight = least[at / 5][at % 5];
            boolean near = Math.abs(at / 5 - 2) <= 1 && Math.abs(at % 5 - 2) <= 1;
            double start = near && at != 12 ? 1. / 8 : 0;
            assertThat(filled(impulse, mask).getDouble(0, 0, 2, 2))
                    .as("weight of pixel %d", at)
                    .isCloseTo(weight + (start - weight) / 4096, within(1e-6));
        }
    }

    /**
     * The lost pixels are two apart, so that bending couples each to at most 4 others with weights of 1 beside its own 20: all eigenvalues are in 16 to 24, and
     * each of twelve steps leaves at most |1 - 16 x 1.6 / 64| = .6 of the distance from the means to the image of least bending, which is scikit-image's.
     */
    @Test
    void scattered_lost_pixels_are_filled_as_scikit_image_does() throws IOException {
        INDArray image = image(16, 16, (row, column) -> Math.tanh((row + column / 2. - 11) / 3));
        INDArray mask =
                image(16, 16, (row, column) -> inside(row, column, 16, 16) && row % 2 == 0 && column % 2 == 0 ? 0 : 1);
        double[][] golden = golden();
        double distance = 0;
        double guessed = 0;
        INDArray filled = filled(image.mul(mask).addi(mask.rsub(1).muli(7)), mask);
        for (int row = 2; row < 14; row += 2) {
            for (int column = 2; column < 14; column += 2) {
                double mean = 0;
                for (int i = 0; i < 9; i++) {
                    mean += i == 4 ? 0 : golden[row - 1 + i / 3][column - 1 + i % 3] / 8;
                }
                distance += Math.pow(mean - golden[row][column], 2);
                guessed += Math.pow(filled.getDouble(0, 0, row, column) - golden[row][column], 2);
            }
        }
        assertThat(Math.sqrt(distance)).isCloseTo(.144, within(.001));
        assertThat(Math.sqrt(guessed)).isLessThan(Math.pow(.6, 12) * Math.sqrt(distance) + 6 * 1e-7);
    }

    private static double[][] golden() throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(FillingTest.class.getResourceAsStream("golden.csv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        }
    }

    @Test
    void an_item_is_filled_alike_alone_in_a_batch_and_on_any_number_of_threads()
            throws ExecutionException, InterruptedException {
        INDArray mask = mask(.5, 9, 1, 12, 10);
        INDArray state = Samples.gaussian(rng, 9, 3, 12, 10);
        INDArray together = filled(state, mask);
        for (int item = 0; item < 9; item++) {
            INDArray alone = filled(
                    state.get(NDArrayIndex.interval(item, item + 1)), mask.get(NDArrayIndex.interval(item, item + 1)));
            assertThat(alone).isEqualTo(together.get(NDArrayIndex.interval(item, item + 1)));
        }
        for (int threads : new int[] {1, 2, 7}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                assertThat(pool.submit(() -> filled(state, mask)).get()).isEqualTo(together);
            } finally {
                pool.shutdown();
            }
        }
    }
}
