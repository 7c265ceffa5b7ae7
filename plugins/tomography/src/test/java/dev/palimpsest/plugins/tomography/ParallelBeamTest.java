package dev.palimpsest.plugins.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.eigen.Eigen;
import org.nd4j.linalg.factory.Nd4j;

class ParallelBeamTest {
    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(3);

    private float[] normal(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) rng.nextGaussian();
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** An image of a function of X and Y (upward) around the centre, averaged over 20 x 20 points in each pixel. */
    private static float[] image(int side, DoubleBinaryOperator f) {
        float[] pixels = new float[side * side];
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            double sum = 0;
            for (int point = 0; point < 400; point++) {
                double x = pixel % side + (point % 20 + .5) / 20 - side / 2.;
                double y = side / 2. - pixel / side - (point / 20 + .5) / 20;
                sum += f.applyAsDouble(x, y);
            }
            pixels[pixel] = (float) (sum / 400);
        }
        return pixels;
    }

    private static double[] equallySpaced(double offset, int count) {
        double[] angles = new double[count];
        for (int k = 0; k < count; k++) {
            angles[k] = offset + k * Math.PI / count;
        }
        return angles;
    }

    private static float[] filteredBackProjection(ParallelBeam beam, float[] x, double[] angles) {
        float[] y = new float[beam.pixels()];
        for (double angle : angles) {
            ParallelBeam.View view = beam.at(angle);
            view.addBackProjection(beam.filter(view.project(x, 0)), (float) (Math.PI / angles.length), y, 0);
        }
        return y;
    }

    /** Sums of products of single-precision numbers: 1e-6 of the norms. */
    @Test
    void the_back_projection_is_the_transpose_of_the_projection_at_every_angle_and_size() {
        for (int[] size : new int[][] {{1, 1}, {13, 20}, {28, 28}, {31, 2}}) {
            ParallelBeam beam = new ParallelBeam(size[0], size[1]);
            for (double angle : new double[] {0, 1e-9, .3, Math.PI / 4, Math.PI / 2, 2, 3, Math.PI, -5}) {
                ParallelBeam.View view = beam.at(angle);
                float[] x = normal(beam.pixels());
                float[] p = normal(beam.bins());
                float[] back = new float[beam.pixels()];
                view.addBackProjection(p, 1, back, 0);
                assertThat(dot(view.project(x, 0), p))
                        .isCloseTo(dot(x, back), within(1e-6 * Math.sqrt(dot(x, x) * dot(p, p))));
            }
        }
    }

    @Test
    void the_filter_is_symmetric() {
        ParallelBeam beam = new ParallelBeam(13, 20);
        float[] p = normal(beam.bins());
        float[] q = normal(beam.bins());
        assertThat(dot(beam.filter(p), q))
                .isCloseTo(dot(p, beam.filter(q)), within(1e-6 * Math.sqrt(dot(p, p) * dot(q, q))));
    }

    @Test
    void along_the_axes_it_sums_columns_and_rows() {
        ParallelBeam beam = new ParallelBeam(2, 3);
        float[] x = {1, 2, 3, 10, 20, 30};
        // ceil(2 sqrt(13)) + 2 = 10 bins of half a pixel
        assertThat(beam.at(0).project(x, 0))
                .containsExactly(new float[] {0, 0, 11, 11, 22, 22, 33, 33, 0, 0}, within(1e-5f));
        assertThat(beam.at(Math.PI / 2).project(x, 0))
                .containsExactly(new float[] {0, 0, 0, 60, 60, 6, 6, 0, 0, 0}, within(1e-5f));
    }

    @Test
    void every_projection_sees_every_pixel_whole_the_corners_too() {
        ParallelBeam beam = new ParallelBeam(13, 20);
        for (double angle : equallySpaced(.1, 50)) {
            for (int pixel : new int[] {0, 19, 130, 240, 259}) {
                float[] x = new float[260];
                x[pixel] = 1;
                float[] p = beam.at(angle).project(x, 0);
                double sum = 0;
                for (float weight : p) {
                    assertThat(weight).isBetween(-1e-6f, 2f);
                    sum += weight;
                }
                assertThat(sum / 2).isCloseTo(1, within(1e-6));
            }
        }
    }

    /**
     * A chord is 2 sqrt(r^2 - s^2) long, and its mean over a bin has a closed form, too. A pixel that the edge halves is drawn evenly grey: a bin of half a
     * pixel that ends in its middle is a quarter of a pixel wrong, and so its mean a half, at each of the chord's two ends. Over many angles that averages out, and what is left is the blur of the pixel's mean
     * and of its square, with a variance of 1/12 each: p''/12, at most .13 up to the end of the last bin inside of s = r - 2. Nothing is lost: the sum is the area.
     */
    @Test
    void the_projection_of_a_disc_has_its_closed_form() {
        double r = 12.3;
        ParallelBeam beam = new ParallelBeam(32, 32);
        float[] disc = image(32, (x, y) -> Math.hypot(x, y) <= r ? 1 : 0);
        double[] mean = new double[beam.bins()];
        for (double angle : equallySpaced(.05, 60)) {
            float[] p = beam.at(angle).project(disc, 0);
            double sum = 0;
            for (int bin = 0; bin < p.length; bin++) {
                double s = (bin - (p.length - 1) / 2.) / 2;
                double error = p[bin] - 2 * (halfDisc(s + .25, r) - halfDisc(s - .25, r));
                if (Math.abs(s) < r - 2) {
                    assertThat(error).isCloseTo(0, within(1.));
                    mean[bin] += error / 60;
                } else if (Math.abs(s) > r + 1.5) {
                    assertThat(error).isCloseTo(0, within(1e-6));
                }
                sum += p[bin] / 2;
            }
            // the disc is drawn with 400 points a pixel
            assertThat(sum).isCloseTo(Math.PI * r * r, within(.5));
        }
        assertThat(mean).containsOnly(new double[] {0}, within(.13));
    }

    /** The integral of 2 sqrt(r^2 - s^2) up to s. */
    private static double halfDisc(double s, double r) {
        double inside = Math.max(-r, Math.min(r, s));
        return inside * Math.sqrt(r * r - inside * inside) + r * r * Math.asin(inside / r);
    }

    @Test
    void a_disc_comes_back_from_many_angles_within_two_percent() {
        ParallelBeam beam = new ParallelBeam(32, 32);
        float[] disc = image(32, (x, y) -> Math.hypot(x, y) <= 12 ? 1 : 0);
        float[] y = filteredBackProjection(beam, disc, equallySpaced(0, 180));
        for (int pixel = 0; pixel < 1024; pixel++) {
            if (Math.hypot(pixel % 32 - 15.5, pixel / 32 - 15.5) < 10) {
                assertThat(y[pixel]).isCloseTo(1, within(.02f));
            }
        }
    }

    @Test
    void a_constant_image_comes_back_in_its_corners_as_well() {
        ParallelBeam beam = new ParallelBeam(24, 32);
        float[] ones = new float[24 * 32];
        Arrays.fill(ones, 1);
        float[] y = filteredBackProjection(beam, ones, equallySpaced(.02, 180));
        for (int row = 2; row < 22; row++) {
            for (int column = 2; column < 30; column++) {
                assertThat(y[row * 32 + column]).isCloseTo(1, within(.03f));
            }
        }
    }

    /**
     * scikit-image turns the image by bilinear interpolation, and interpolates what it back-projects: each blurs with a variance of 0 to 1/4, by where the points fall.
     * Here pixels and bins have a width, which blurs with 1/12 + 1/48 each time. The difference, at most .146 for a projection and .29 for an image, changes a
     * value by half of it times the curvature, at most 1/2.5^2 of the largest value for a projection and 1/2.5^2 + 1/4^2 for an image: by 1.2 % and 3.3 %.
     */
    @Test
    void projections_and_filtered_back_projections_agree_with_scikit_image() throws IOException {
        double[][] golden = golden();
        float[][] images = {
            at33((r, c) -> blob(r + 2, c - 3, 4, 4)),
            at33((r, c) -> blob(r - 4, c + 4, 2.5, 4) - .5 * blob(r + 4, c - 3, 3.5, 3)),
            at33((r, c) -> 1 / (1 + Math.exp((Math.hypot(r - 1, c + 2) - 9) / 1.5)))
        };
        double[] angles = equallySpaced(Math.toRadians(5), 12);
        ParallelBeam beam = new ParallelBeam(33, 33);
        for (int i = 0; i < 3; i++) {
            double[][] sinogram = Arrays.copyOfRange(golden, 45 * i, 45 * i + 12);
            double[][] restored = Arrays.copyOfRange(golden, 45 * i + 12, 45 * i + 45);
            for (int k = 0; k < 12; k++) {
                float[] p = beam.at(angles[k]).project(images[i], 0);
                // two of our bins are one of theirs, and ours has one more on each side
                for (int bin = 0; bin < 47; bin++) {
                    assertThat((p[2 * bin + 1] + p[2 * bin + 2]) / 2.)
                            .isCloseTo(sinogram[k][bin], within(.012 * largest(sinogram)));
                }
            }
            float[] y = filteredBackProjection(beam, images[i], angles);
            for (int pixel = 0; pixel < 1089; pixel++) {
                assertThat((double) y[pixel])
                        .isCloseTo(restored[pixel / 33][pixel % 33], within(.033 * largest(restored)));
            }
        }
    }

    private static double blob(double r, double c, double alongRows, double alongColumns) {
        return Math.exp(-r * r / (2 * alongRows * alongRows) - c * c / (2 * alongColumns * alongColumns));
    }

    private static float[] at33(DoubleBinaryOperator f) {
        float[] pixels = new float[1089];
        for (int pixel = 0; pixel < 1089; pixel++) {
            pixels[pixel] = (float) f.applyAsDouble(pixel / 33 - 16, pixel % 33 - 16);
        }
        return pixels;
    }

    private static double largest(double[][] lines) {
        return Arrays.stream(lines)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
    }

    private static double[][] golden() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                ParallelBeamTest.class.getResourceAsStream("golden.csv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        }
    }

    /**
     * M = pi/K sum_k A_k^T H A_k is symmetric without a negative eigenvalue at every draw of the angles: no direction is turned round. Its mean over the draws, the
     * same for every K, has none at 0: none is never seen. Smooth images have a gain of 1 and the finest, blurred by pixels and bins, of .43.
     */
    @Test
    void no_gain_is_negative_and_over_the_draws_of_the_angles_none_is_zero() {
        ParallelBeam beam = new ParallelBeam(12, 12);
        for (int angles : new int[] {1, 3, 12}) {
            INDArray map = map(beam, equallySpaced(.07, angles));
            double[] gains = eigenvalues(map);
            assertThat(map.sub(map.transpose()).amaxNumber().doubleValue()).isLessThan(1e-6 * gains[143]);
            // rounding in single precision
            assertThat(gains[0]).isGreaterThan(-1e-6 * gains[143]);
        }
        double[] gains = eigenvalues(map(beam, equallySpaced(0, 120)));
        assertThat(gains[0]).isGreaterThan(.4);
        assertThat(gains[143]).isBetween(.98, 1.);
    }

    private static INDArray map(ParallelBeam beam, double[] angles) {
        int n = beam.pixels();
        float[][] rows = new float[n][];
        for (int pixel = 0; pixel < n; pixel++) {
            float[] x = new float[n];
            x[pixel] = 1;
            rows[pixel] = filteredBackProjection(beam, x, angles);
        }
        return Nd4j.createFromArray(rows);
    }

    private static double[] eigenvalues(INDArray symmetric) {
        double[] values = Eigen.symmetricGeneralizedEigenvalues(symmetric.dup()).toDoubleVector();
        Arrays.sort(values);
        return values;
    }
}
