package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DeadLeavesTest {
    private static final int N = 100_000;
    private static final int SIDE = 64;
    private static final Places NOWHERE = new Places(Path.of(""), Path.of(""), Path.of(""));
    private static final RandomStreams STREAMS = new RandomStreams(11);
    /** Standard errors that a statistic may be off: a chance of 6e-7 for each, with a fixed seed. */
    private static final double ERRORS = 5;

    /** A pixel that no disc covers would be 0, and lower the second moment. */
    @Test
    void the_brightness_of_a_pixel_is_uniform_from_black_to_white() {
        float[] x = values(new DeadLeaves(List.of(1, 1), 1, List.of(1.0, 4.0), 1, N, 0, 0));
        assertThat(mean(x, v -> v)).isCloseTo(0, within(ERRORS * Math.sqrt(1 / 3.0 / N)));
        double error = Math.sqrt((1 / 5.0 - 1 / 9.0) / N);
        assertThat(mean(x, v -> v * v)).isCloseTo(1 / 3.0, within(ERRORS * error));
        double fourth = Math.sqrt((1 / 9.0 - 1 / 25.0) / N);
        assertThat(mean(x, v -> v * v * v * v)).isCloseTo(1 / 5.0, within(ERRORS * fourth));
        assertThat(x).doesNotContain(0);
    }

    /**
     * Two pixels at the distance d have one brightness if the first disc that covers one of them covers both: with probability g(d) / (2 g(0) - g(d)), where
     * g(d) is the mean area that a disc shares with itself moved by d; else their brightnesses are independent. With discs twice as large, the same holds at
     * twice the distance.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void pixels_are_correlated_as_in_the_closed_form_at_every_scale(int scale) {
        int width = 8 * scale + 1;
        float[] x = values(new DeadLeaves(List.of(1, width), 1, List.of(1.0 * scale, 8.0 * scale), 1, N, 0, 0));
        for (int d = 1; d <= 8; d *= 2) {
            double together = shared(d, 1, 8) / (2 * shared(0, 1, 8) - shared(d, 1, 8));
            int other = d * scale;
            double product = IntStream.range(0, N)
                    .mapToDouble(n -> x[n * width] * x[n * width + other])
                    .average()
                    .orElseThrow();
            // The square of the product is 1/5 on average if they are one, and 1/9 if they are independent.
            double variance = together / 5 + (1 - together) / 9 - together * together / 9;
            assertThat(product)
                    .as("distance %d", other)
                    .isCloseTo(together / 3, within(ERRORS * Math.sqrt(variance / N)));
        }
    }

    /**
     * The integral over [a, b] of r^-3 times the area that a disc of radius r shares with itself moved by d, 2 r^2 (c - sin c cos c) with cos c = d / 2 r; by
     * the midpoint rule in ln r, to 1e-6.
     */
    private static double shared(double d, double a, double b) {
        double from = Math.log(Math.max(a, d / 2));
        int steps = 10_000;
        double step = (Math.log(b) - from) / steps;
        return step
                * IntStream.range(0, steps)
                        .mapToDouble(i -> Math.acos(d / 2 / Math.exp(from + (i + 0.5) * step)))
                        .map(c -> 2 * (c - Math.sin(c) * Math.cos(c)))
                        .sum();
    }

    @Test
    void discs_that_touch_the_image_have_the_radii_of_all_weighted_by_where_they_touch_it() {
        int h = 20;
        int w = 30;
        double a = 2;
        double b = 50;
        Discs discs = new Discs(h, w, a, b);
        RandomGenerator rng = STREAMS.stream("radii", 0);
        double[] radii =
                IntStream.range(0, N).mapToDouble(n -> discs.radius(rng)).toArray();
        assertThat(Arrays.stream(radii)).allMatch(r -> r >= a && r <= b * (1 + 1e-12));
        for (double r : new double[] {2.1, 3, 5, 10, 20, 40, 48}) {
            double share = touching(r, h, w, b) / touching(a, h, w, b);
            double larger = Arrays.stream(radii).filter(drawn -> drawn > r).count() / (double) N;
            assertThat(larger).as("above %s", r).isCloseTo(share, within(ERRORS * Math.sqrt(share * (1 - share) / N)));
        }
    }

    /** The integral from r to b of r^-3 (h + 2 r)(w + 2 r). */
    private static double touching(double r, double h, double w, double b) {
        return h * w * (1 / (r * r) - 1 / (b * b)) / 2 + 2 * (h + w) * (1 / r - 1 / b) + 4 * Math.log(b / r);
    }

    /**
     * The power falls about as frequency^-2 from 3 to 24 cycles an image. It is no pure power near the smallest and the largest radius, which .4 leaves room for;
     * independent pixels have the slope 0, and discs of one size -3. The standard error of the slope is below .01: the line goes through 1,768 powers, equal in
     * pairs, each of which is a mean over 300 images.
     */
    @Test
    void the_power_spectrum_falls_as_that_of_photographs() {
        int images = 300;
        float[] x = values(new DeadLeaves(List.of(SIDE, SIDE), 1, List.of(0.5, 64.0), 2, images, 0, 0));
        double[] power = power(Nd4j.createFromArray(x).reshape('c', images, SIDE, SIDE));
        double[][] points = IntStream.range(0, SIDE * SIDE)
                .mapToObj(at -> new double[] {Math.hypot(frequency(at / SIDE), frequency(at % SIDE)), power[at]})
                .filter(point -> point[0] >= 3 && point[0] <= 24)
                .map(point -> new double[] {Math.log(point[0]), Math.log(point[1])})
                .toArray(double[][]::new);
        assertThat(slope(points)).isCloseTo(-2, within(0.4));
    }

    /** The mean of |X(u, v)|^2 over images under Hann's window, without which their borders would be edges. */
    private static double[] power(INDArray images) {
        INDArray window = wave(i -> Math.pow(Math.sin(Math.PI * (i + 0.5) / SIDE), 2), 1);
        INDArray cosine = wave(i -> Math.cos(2 * Math.PI * i / SIDE), SIDE);
        INDArray sine = wave(i -> Math.sin(2 * Math.PI * i / SIDE), SIDE);
        INDArray sum = Nd4j.zeros(DataType.FLOAT, SIDE, SIDE);
        for (int n = 0; n < images.size(0); n++) {
            INDArray x = images.slice(n).mul(window.mmul(window.transpose()));
            INDArray real = cosine.mmul(x).mmul(cosine).sub(sine.mmul(x).mmul(sine));
            INDArray imaginary = sine.mmul(x).mmul(cosine).add(cosine.mmul(x).mmul(sine));
            sum.addi(real.mul(real)).addi(imaginary.mul(imaginary));
        }
        return sum.divi(images.size(0)).reshape('c', new long[] {SIDE * SIDE}).toDoubleVector();
    }

    /** f(i j) for i = 0, ..., SIDE - 1 and j up to the number of columns; of one column f(i). */
    private static INDArray wave(DoubleUnaryOperator f, int columns) {
        float[][] values = new float[SIDE][columns];
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < columns; j++) {
                values[i][j] = (float) f.applyAsDouble(columns == 1 ? i : i * j);
            }
        }
        return Nd4j.createFromArray(values);
    }

    private static int frequency(int index) {
        return index <= SIDE / 2 ? index : index - SIDE;
    }

    /** The slope of the line of least squares. */
    private static double slope(double[][] points) {
        double x = Arrays.stream(points).mapToDouble(p -> p[0]).average().orElseThrow();
        double y = Arrays.stream(points).mapToDouble(p -> p[1]).average().orElseThrow();
        return Arrays.stream(points).mapToDouble(p -> (p[0] - x) * (p[1] - y)).sum()
                / Arrays.stream(points)
                        .mapToDouble(p -> (p[0] - x) * (p[0] - x))
                        .sum();
    }

    @Test
    void the_channels_of_a_colour_image_show_the_same_discs_in_independent_brightness() {
        Table table = table(new DeadLeaves(List.of(1, 2), 3, List.of(1.0, 4.0), 1, N, 0, 0), STREAMS);
        assertThat(table.itemShape()).containsExactly(3, 1, 2);
        float[] x = values(table);
        int differ = 0;
        double[] products = new double[3];
        for (int n = 0; n < N; n++) {
            int at = 6 * n;
            boolean one = x[at] == x[at + 1];
            differ += one == (x[at + 2] == x[at + 3]) && one == (x[at + 4] == x[at + 5]) ? 0 : 1;
            products[0] += x[at] * x[at + 2] / (double) N;
            products[1] += x[at + 2] * x[at + 4] / (double) N;
            products[2] += x[at + 4] * x[at] / (double) N;
        }
        assertThat(differ).as("two discs of one brightness, to 2^-24").isLessThan(3);
        for (double product : products) {
            assertThat(product).isCloseTo(0, within(ERRORS / 3 / Math.sqrt(N)));
        }
    }

    @Test
    void an_image_depends_on_the_seed_and_its_number_alone() {
        DeadLeaves few = new DeadLeaves(List.of(8, 12), 1, List.of(1.0, 9.0), 2, 5, 0, 0);
        DeadLeaves many = new DeadLeaves(List.of(8, 12), 1, List.of(1.0, 9.0), 2, 5000, 100, 10);
        float[] fourth = Arrays.copyOfRange(values(few), 3 * 96, 4 * 96);
        assertThat(image(table(many, STREAMS), 3)).isEqualTo(fourth);
        assertThat(image(table(few, STREAMS), 2)).isNotEqualTo(fourth);
        assertThat(image(table(few, new RandomStreams(12)), 3)).isNotEqualTo(fourth);
    }

    @Test
    void no_image_is_in_memory_however_many_there_are() {
        Table table = table(new DeadLeaves(List.of(4, 4), 1, List.of(1.0, 9.0), 2, Integer.MAX_VALUE, 0, 1), STREAMS);
        assertThat(table.memory()).isZero();
        assertThat(table.rows(new int[] {Integer.MAX_VALUE - 1}).shape()).containsExactly(1, 1, 4, 4);
        assertThatThrownBy(() -> table.rows(new int[] {Integer.MAX_VALUE}))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void discs_of_one_size_are_allowed() {
        float[] x = values(new DeadLeaves(List.of(1, 1), 1, List.of(3.0, 3.0), 1, 10, 0, 0));
        assertThat(x).doesNotContain(0).doesNotHaveDuplicates();
    }

    @Test
    void a_key_that_makes_no_sense_is_an_error() {
        assertThatThrownBy(() -> leaves(List.of(64), 1, List.of(1.0, 64.0), 2))
                .hasMessageContaining("size must be [height, width], both at least 1")
                .hasMessageContaining("got [64]");
        assertThatThrownBy(() -> leaves(List.of(0, 64), 1, List.of(1.0, 64.0), 2))
                .hasMessage("size must be at least 1, got 0");
        assertThatThrownBy(() -> leaves(List.of(1 << 14, 1 << 13), 1, List.of(1.0, 64.0), 2))
                .hasMessageContaining("of at most 67108864 pixels, got [16384, 8192]");
        assertThatThrownBy(() -> leaves(List.of(64, 64), 2, List.of(1.0, 64.0), 2))
                .hasMessage("channels must be 1 or 3, got 2");
        assertThatThrownBy(() -> leaves(List.of(64, 64), 1, List.of(64.0, 1.0), 2))
                .hasMessage("radius must be [smallest, largest], the first at most the second, got [64.0, 1.0]");
        assertThatThrownBy(() -> leaves(List.of(64, 64), 1, List.of(1.0), 2)).hasMessageContaining("got [1.0]");
        assertThatThrownBy(() -> leaves(List.of(64, 64), 1, List.of(0.1, 64.0), 2))
                .hasMessage("radius must be at least 0.5 and at most 10000, got 0.1");
        assertThatThrownBy(() -> leaves(List.of(64, 64), 1, List.of(1.0, 64.0), 0))
                .hasMessage("samples must be at least 1 and at most 4, got 0");
    }

    private static DeadLeaves leaves(List<Integer> size, int channels, List<Double> radius, int samples) {
        return new DeadLeaves(size, channels, radius, samples, 10, 0, 1);
    }

    private static Table table(DeadLeaves source, RandomStreams streams) {
        return ((Items.Clean) source.open(NOWHERE, streams)).x();
    }

    private static float[] values(DeadLeaves source) {
        return values(table(source, STREAMS));
    }

    private static float[] values(Table table) {
        float[] values = new float[table.count() * table.itemSize()];
        table.read(IntStream.range(0, table.count()).toArray(), values);
        return values;
    }

    private static float[] image(Table table, int number) {
        float[] values = new float[table.itemSize()];
        table.read(new int[] {number}, values);
        return values;
    }

    private static double mean(float[] x, DoubleUnaryOperator f) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> f.applyAsDouble(x[i]))
                .average()
                .orElseThrow();
    }
}
