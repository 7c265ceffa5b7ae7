package dev.palimpsest.plugins.motionblur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineKernelTest {
    /** What rounding in double precision leaves of an exact integral. */
    private static final double ROUNDING = 1e-12;

    record Line(double length, double angle) {
        double[] weights() {
            return LineKernel.weights(length, angle);
        }
    }

    static Stream<Line> lines() {
        return DoubleStream.of(1, 2, 5.5, 7, 12, 31.7)
                .boxed()
                .flatMap(length -> DoubleStream.of(0, .3, Math.PI / 4, 1.2, Math.PI / 2, 2.1, 3.1)
                        .mapToObj(angle -> new Line(length, angle)));
    }

    private static double[] moments(Line line) {
        double[] k = line.weights();
        int radius = LineKernel.radius(line.length());
        double[] moments = new double[4];
        for (int place = 0; place < k.length; place++) {
            int i = place / (2 * radius + 1) - radius;
            int j = place % (2 * radius + 1) - radius;
            moments[0] += k[place];
            moments[1] += k[place] * i * i;
            moments[2] += k[place] * j * j;
            moments[3] += k[place] * i * j;
        }
        return moments;
    }

    static Stream<String> golden() throws IOException {
        try (InputStream file = LineKernelTest.class.getResourceAsStream("golden.csv")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void it_is_what_two_million_points_on_the_segment_leave_on_the_grid(String row) {
        double[] cells =
                Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray();
        assertThat(LineKernel.weights(cells[0], cells[1]))
                .containsExactly(Arrays.copyOfRange(cells, 2, cells.length), within(1e-8));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void the_weights_are_not_negative_and_of_sum_one(Line line) {
        assertThat(moments(line)[0]).isCloseTo(1, within(ROUNDING));
        assertThat(Arrays.stream(line.weights()).min().orElseThrow()).isGreaterThan(-ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void it_is_its_own_point_reflection_and_the_kernel_of_the_opposite_direction(Line line) {
        double[] k = line.weights();
        double[] opposite = new Line(line.length(), line.angle() + Math.PI).weights();
        for (int place = 0; place < k.length; place++) {
            assertThat(k[k.length - 1 - place]).isEqualTo(k[place]);
            assertThat(opposite[place]).isCloseTo(k[place], within(ROUNDING));
        }
    }

    /**
     * Bilinear interpolation keeps the mixed moment of a segment, L^2/12 times -sin a cos a, and adds to the square of either coordinate u the mean of f (1 - f), f being the
     * fractional part of u. Along the line that is a second moment of L^2/12 and at most 1/4.
     */
    @ParameterizedTest
    @MethodSource("lines")
    void it_extends_as_far_as_the_line_is_long(Line line) {
        double cos = Math.cos(line.angle());
        double sin = Math.sin(line.angle());
        double spread = line.length() * line.length() / 12;
        double[] moments = moments(line);
        double columns = spread * cos * cos + interpolation(line.length() / 2 * Math.abs(cos));
        double rows = spread * sin * sin + interpolation(line.length() / 2 * Math.abs(sin));
        double along = sin * sin * moments[1] + cos * cos * moments[2] - 2 * sin * cos * moments[3];
        double tolerance = ROUNDING * line.length() * line.length();
        assertThat(moments[1]).isCloseTo(rows, within(tolerance));
        assertThat(moments[2]).isCloseTo(columns, within(tolerance));
        assertThat(moments[3]).isCloseTo(-spread * sin * cos, within(tolerance));
        assertThat(along).isBetween(spread - tolerance, spread + .25 + tolerance);
    }

    /** The mean of f (1 - f) for f the fractional part of u, over u in [0, end]: each whole unit gives 1/6. */
    private static double interpolation(double end) {
        double f = end - Math.floor(end);
        return end == 0 ? 0 : (Math.floor(end) / 6 + f * f / 2 - f * f * f / 3) / end;
    }

    @ParameterizedTest
    @MethodSource("lines")
    void no_pixel_has_a_weight_whose_hat_the_line_does_not_touch(Line line) {
        double[] k = line.weights();
        int radius = LineKernel.radius(line.length());
        for (int place = 0; place < k.length; place++) {
            if (k[place] > ROUNDING) {
                int i = place / (2 * radius + 1) - radius;
                int j = place % (2 * radius + 1) - radius;
                double across = i * Math.cos(line.angle()) + j * Math.sin(line.angle());
                assertThat(Math.abs(across))
                        .isLessThan(Math.abs(Math.cos(line.angle())) + Math.abs(Math.sin(line.angle())) + ROUNDING);
            }
        }
    }

    @Test
    void at_45_degrees_it_rises_to_the_right() {
        double[] k = LineKernel.weights(3, Math.PI / 4);
        assertThat(k[1 * 5 + 3]).isGreaterThan(.1);
        assertThat(k[1 * 5 + 1]).isZero();
    }
}
