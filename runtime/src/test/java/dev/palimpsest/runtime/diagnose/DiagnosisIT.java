package dev.palimpsest.runtime.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.diagnose.Finding.Verdict;
import dev.palimpsest.runtime.evaluate.Metric;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.probe.Band;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The shipped forward models on images whose cosine coefficients are independent, with a mean of .5 everywhere and variance P(f) for frequency f: P, and with it the
 * signal-to-noise ratio, is known. 600 images: the variance of one mode has a relative standard error of .058.
 */
class DiagnosisIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int SIDE = 16;
    private static final int ITEMS = 600;
    private static final double CLOSE = 0.2;
    private static final double STEP = 0.5 / 8;

    @TempDir
    static Path folder;

    private static Plugins plugins;

    /** Two forward models that destroy directions: one mask for all items, and the mean of the channels. */
    private static final String STRANGERS = """
            import dev.palimpsest.api.*;
            import java.util.random.RandomGenerator;
            import org.nd4j.linalg.api.ndarray.INDArray;
            import org.nd4j.linalg.factory.Nd4j;

            public class Strangers {
                public record Grey() implements ForwardModel {
                    public Observations apply(INDArray x, RandomGenerator rng) {
                        INDArray mean = x.mean(true, 1);
                        return Observations.of(
                                Nd4j.concat(1, mean, mean, mean).addi(Samples.gaussian(rng, x.shape()).muli(.1)));
                    }
                }

                public record OneMask() implements ForwardModel {
                    public Observations apply(INDArray x, RandomGenerator rng) {
                        float[] board = new float[(int) x.length()];
                        for (int i = 0; i < board.length; i++) {
                            board[i] = (i / 16 + i) % 2;
                        }
                        INDArray mask = Nd4j.createFromArray(board).reshape('c', x.shape());
                        INDArray y = Samples.gaussian(rng, x.shape())
                                .muli(mask.mul(.1 - 1).addi(1))
                                .addi(x.mul(mask));
                        return Observations.of(y, mask);
                    }
                }
            }
            """;

    private static void strangers(Path jars) throws IOException {
        Path source = Files.writeString(folder.resolve("Strangers.java"), STRANGERS);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(compiled).isZero();
        Files.createDirectories(jars);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jars.resolve("strangers.jar")))) {
            for (String name : List.of("Strangers.class", "Strangers$Grey.class", "Strangers$OneMask.class")) {
                jar.putNextEntry(new JarEntry(name));
                jar.write(Files.readAllBytes(classes.resolve(name)));
            }
            jar.putNextEntry(new JarEntry("META-INF/services/dev.palimpsest.api.ForwardModel"));
            jar.write("Strangers$Grey\nStrangers$OneMask\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeAll
    static void images_of_a_known_spectrum() throws IOException {
        Path jars = folder.resolve("jars");
        strangers(jars);
        plugins = Plugins.load(
                HOME,
                List.of(HOME.resolve("plugins-contrib"), jars),
                Optional.empty(),
                List.of(DataSource.class, Metric.class));
        RandomGenerator rng = new RandomStreams(11).stream("fields", 0);
        float[] grey = new float[2 * ITEMS * SIDE * SIDE];
        for (int item = 0; item < 2 * ITEMS; item++) {
            field(rng, grey, item * SIDE * SIDE);
        }
        npy("grey.npy", new int[] {2 * ITEMS, 1, SIDE, SIDE}, grey);
        float[] colour = new float[6 * 100 * SIDE * SIDE];
        for (int plane = 0; plane < 600; plane++) {
            field(rng, colour, plane * SIDE * SIDE);
        }
        npy("colour.npy", new int[] {200, 3, SIDE, SIDE}, colour);
    }

    @AfterAll
    static void unloaded() {
        plugins.close();
    }

    private static double power(double f) {
        return 1 / (0.01 + f * f) / 20;
    }

    private static double cosine(int k, int i) {
        return Math.sqrt((k == 0 ? 1.0 : 2.0) / SIDE) * Math.cos(Math.PI * k * (2 * i + 1) / (2.0 * SIDE));
    }

    /** One image: a mean of .5, and a normal number of variance P for each product of two cosines. */
    private static void field(RandomGenerator rng, float[] pixels, int from) {
        double[] rows = new double[SIDE * SIDE];
        for (int k = 0; k < SIDE; k++) {
            for (int l = 0; l < SIDE; l++) {
                double c = Math.sqrt(power(Math.hypot(k, l) / (2 * SIDE))) * rng.nextGaussian();
                for (int i = 0; i < SIDE; i++) {
                    rows[i * SIDE + l] += c * cosine(k, i);
                }
            }
        }
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                double value = 0.5;
                for (int l = 0; l < SIDE; l++) {
                    value += rows[i * SIDE + l] * cosine(l, j);
                }
                pixels[from + i * SIDE + j] = (float) value;
            }
        }
    }

    private static void npy(String name, int[] shape, float[] values) throws IOException {
        String dimensions = java.util.Arrays.toString(shape).replace("[", "(").replace("]", ")");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + dimensions + ", }";
        header = header + " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer file =
                ByteBuffer.allocate(10 + header.length() + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        file.put(header.getBytes(StandardCharsets.US_ASCII));
        for (float value : values) {
            file.putFloat(value);
        }
        Files.write(folder.resolve(name), file.array());
    }

    private static Diagnosis diagnosis(String data, String forward) throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("recipe.yaml"), """
                name: known
                seed: 3
                data: {type: npy, path: %s, holdOut: %d}
                forward: %s
                drift: {type: unet, channels: 8, multipliers: [1], blocks: 1, attention: []}
                train: {steps: 1000, teacher: 0.9}
                """.formatted(data, data.equals("grey.npy") ? ITEMS : 100, forward));
        return Diagnosis.of(recipe, List.of(), plugins, HOME, true);
    }

    private static Diagnosis diagnosis(String forward) throws IOException {
        return diagnosis("grey.npy", forward);
    }

    private static boolean isIn(Band band, int mode) {
        double f = Math.hypot(mode / SIDE, mode % SIDE) / (2 * SIDE);
        return band.frequency() == 0
                ? f == 0
                : f > 0 && Math.min(8, Math.floor(f / STEP)) == Math.floor(band.frequency() / STEP);
    }

    /** The mean over the modes of a band. */
    private static double mean(Band band, DoubleBinaryOperator of) {
        return IntStream.range(0, SIDE * SIDE)
                .filter(mode -> isIn(band, mode))
                .mapToDouble(mode -> of.applyAsDouble(mode / SIDE / (2.0 * SIDE), mode % SIDE / (2.0 * SIDE)))
                .average()
                .orElseThrow();
    }

    /** The signal-to-noise ratio of each band is that of these mean squared gains, within 20 %. */
    private static void assertSnr(Diagnosis diagnosis, DoubleBinaryOperator squaredGain, double noise) {
        assertThat(diagnosis.spectrum().bands()).allSatisfy(band -> {
            double expected =
                    mean(band, (f, g) -> squaredGain.applyAsDouble(f, g) * power(Math.hypot(f, g))) / (noise * noise);
            assertThat(band.snr() / expected).as(band.name()).isCloseTo(1, within(CLOSE));
        });
    }

    private static List<Verdict> verdicts(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::verdict).toList();
    }

    @Test
    void noise_is_recoverable() throws IOException {
        Diagnosis noise = diagnosis("{type: gaussian-noise, sigma: 0.5}");
        assertSnr(noise, (f, g) -> 1, .5);
        assertThat(verdicts(noise)).containsExactly(Verdict.RECOVERABLE);
    }

    @Test
    void a_blur_of_1_is_recoverable_in_its_low_frequencies_and_slow_in_its_high_ones() throws IOException {
        Diagnosis blur = diagnosis("{type: gaussian-blur, sigma: 1, noise: 0.1}");
        DoubleUnaryOperator h = kernel(1);
        assertSnr(blur, (f, g) -> Math.pow(h.applyAsDouble(f) * h.applyAsDouble(g), 2), .1);
        assertThat(verdicts(blur)).containsExactly(Verdict.SLOW);
        assertThat(blur.findings().get(0).sentence()).contains("over 0.50").doesNotContain("0.00 to 0.06");
    }

    /** The transfer of exp(-j^2 / (2 sigma^2)), cut off after ceil(3 sigma) pixels and of sum 1. */
    private static DoubleUnaryOperator kernel(double sigma) {
        int radius = (int) Math.ceil(3 * sigma);
        double sum = IntStream.rangeClosed(-radius, radius)
                .mapToDouble(j -> Math.exp(-j * j / (2 * sigma * sigma)))
                .sum();
        return f -> IntStream.rangeClosed(-radius, radius)
                        .mapToDouble(j -> Math.exp(-j * j / (2 * sigma * sigma)) * Math.cos(2 * Math.PI * f * j))
                        .sum()
                / sum;
    }

    @Test
    void a_blur_of_3_5_leaves_nothing_of_the_high_frequencies() throws IOException {
        Diagnosis blur = diagnosis("{type: gaussian-blur, sigma: 3.5, noise: 0.1}");
        assertThat(verdicts(blur)).contains(Verdict.NOT_RECOVERABLE);
        DoubleUnaryOperator h = kernel(3.5);
        for (Band band : blur.spectrum().bands().subList(0, 4)) {
            double expected =
                    mean(band, (f, g) -> Math.pow(h.applyAsDouble(f) * h.applyAsDouble(g), 2) * power(Math.hypot(f, g)))
                            / .01;
            assertThat(band.snr() / expected).as(band.name()).isCloseTo(1, within(CLOSE));
        }
        assertThat(blur.spectrum().bands())
                .as("modes of a gain below 3e-5, give or take the few that lie at the limit")
                .allSatisfy(band -> {
                    double gone =
                            mean(band, (f, g) -> Math.pow(h.applyAsDouble(f) * h.applyAsDouble(g), 2) < 1e-9 ? 1 : 0);
                    assertThat(band.hidden()).as(band.name()).isCloseTo(gone, within(.1));
                });
    }

    /**
     * The transfer of a line of 7 pixels at a known angle is sinc(7 f cos) times that of bilinear interpolation. Its sign is turned where 7 f cos lies between 1 and 2: at f = .28
     * for the two thirds of the angles whose cosine is above .51. There a round takes 1/3 - 2/3 off the mean's error, if the noise is small.
     */
    @Test
    void motion_over_7_pixels_turns_the_sign_of_some_frequencies_and_diverges_where_their_mean_is_not_0()
            throws IOException {
        Diagnosis motion = diagnosis("{type: motion-blur, length: 7, noise: 0.05}");
        assertSnr(motion, DiagnosisIT::meanSquaredLine, .05);
        Band band = motion.spectrum().bands().get(5);
        double growth = IntStream.range(0, SIDE * SIDE)
                .filter(mode -> isIn(band, mode))
                .mapToDouble(mode -> 1 - pull(mode / SIDE / (2.0 * SIDE), mode % SIDE / (2.0 * SIDE)))
                .max()
                .orElseThrow();
        assertThat(band.growth())
                .as(
                        "the largest of some thirty estimates, each with a standard error of .03 and mixed with its neighbours' signs")
                .isCloseTo(growth, within(.15));
        assertThat(verdicts(motion)).contains(Verdict.UNSTABLE).doesNotContain(Verdict.NOT_RECOVERABLE);
    }

    /** E[h sqrt(P) / sqrt(h^2 P + N)] over the angles, for a mode that holds both diagonals. */
    private static double pull(double f, double g) {
        int angles = 180;
        double p = power(Math.hypot(f, g));
        return IntStream.range(0, angles)
                .mapToDouble(i -> Math.PI * i / angles)
                .map(a -> (line(a, f, g) + line(a, f, -g)) / 2)
                .map(h -> h * Math.sqrt(p / (h * h * p + .0025)))
                .average()
                .orElseThrow();
    }

    private static double meanSquaredLine(double f, double g) {
        int angles = 180;
        return IntStream.range(0, angles)
                .mapToDouble(i -> Math.PI * i / angles)
                .map(a -> line(a, f, g) * line(a, f, g))
                .average()
                .orElseThrow();
    }

    /** Of the pixel grid: the frequencies that it cannot tell apart are added up. */
    private static double line(double a, double f, double g) {
        double sum = 0;
        for (int m = -3; m <= 3; m++) {
            for (int n = -3; n <= 3; n++) {
                double down = f + m;
                double right = g + n;
                sum += sinc(7 * (right * Math.cos(a) - down * Math.sin(a))) * Math.pow(sinc(down) * sinc(right), 2);
            }
        }
        return sum;
    }

    private static double sinc(double u) {
        return u == 0 ? 1 : Math.sin(Math.PI * u) / (Math.PI * u);
    }

    /**
     * Beside matrices that are made here in another way: pixels cut into 8 x 8 points, which fall into bins of half a pixel. J = pi / K sum of tau A^T H A over the K = 12 angles, with Kak and
     * Slaney's filter H (their eq. 61), and noise sigma on each bin in units of D pixels. Means over 16 offsets of the angles.
     */
    @Test
    void twelve_angles_of_tomography_are_recoverable() throws IOException {
        Diagnosis tomography = diagnosis("{type: tomography, angles: 12, noise: 0.05, filler: 0.1}");
        double[][] known = projected(12, .05, .1);
        assertThat(tomography.spectrum().bands()).allSatisfy(band -> {
            double signal = mean(band, (f, g) -> known[0][mode(f, g)] * power(Math.hypot(f, g)));
            double noise = mean(band, (f, g) -> known[1][mode(f, g)]);
            assertThat(band.snr() / (signal / noise)).as(band.name()).isCloseTo(1, within(CLOSE));
        });
        assertThat(verdicts(tomography)).containsExactly(Verdict.RECOVERABLE);
        assertThat(tomography.spectrum().destroyed()).hasValue(0);
    }

    private static int mode(double f, double g) {
        return (int) Math.round(f * 2 * SIDE) * SIDE + (int) Math.round(g * 2 * SIDE);
    }

    /** Of each mode: |J phi|^2, and the variance of the noise. */
    private static double[][] projected(int angles, double sigma, double filler) {
        double tau = 0.5;
        int bins = 4 * SIDE;
        int size = SIDE * SIDE;
        int offsets = 16;
        double[][] mean = new double[2][size];
        for (int offset = 0; offset < offsets; offset++) {
            INDArray jacobian = Nd4j.zeros(DataType.DOUBLE, size, size);
            INDArray covariance = Nd4j.eye(size).castTo(DataType.DOUBLE).muli(filler * filler);
            for (int k = 0; k < angles; k++) {
                INDArray a = Nd4j.createFromArray(shadows(Math.PI * (k + (offset + .5) / offsets) / angles, tau, bins));
                INDArray filtered = a.transpose()
                        .mmul(Nd4j.createFromArray(ramp(tau, bins)))
                        .muli(tau * Math.PI / angles);
                jacobian.addi(filtered.mmul(a));
                covariance.addi(filtered.mmul(filtered.transpose()).muli(Math.pow(SIDE * sigma, 2)));
            }
            double[][] phi = new double[size][size];
            for (int mode = 0; mode < size; mode++) {
                for (int pixel = 0; pixel < size; pixel++) {
                    phi[mode][pixel] = cosine(mode / SIDE, pixel / SIDE) * cosine(mode % SIDE, pixel % SIDE);
                }
            }
            INDArray basis = Nd4j.createFromArray(phi).transpose();
            INDArray reached = jacobian.mmul(basis);
            INDArray noisy = covariance.mmul(basis);
            for (int mode = 0; mode < size; mode++) {
                INDArray one = reached.getColumn(mode);
                mean[0][mode] += one.mul(one).sumNumber().doubleValue() / offsets;
                mean[1][mode] += noisy.getColumn(mode)
                                .mul(basis.getColumn(mode))
                                .sumNumber()
                                .doubleValue()
                        / offsets;
            }
        }
        return mean;
    }

    /** The mean over each bin of the line integral of each pixel: [bins][pixels]. */
    private static double[][] shadows(double angle, double tau, int bins) {
        int cuts = 8;
        double[][] a = new double[bins][SIDE * SIDE];
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
            for (int point = 0; point < cuts * cuts; point++) {
                double up = SIDE / 2.0 - pixel / SIDE - (point / cuts + .5) / cuts;
                double right = pixel % SIDE + (point % cuts + .5) / cuts - SIDE / 2.0;
                int bin = (int) Math.floor((right * Math.cos(angle) + up * Math.sin(angle)) / tau) + bins / 2;
                a[bin][pixel] += 1 / tau / cuts / cuts;
            }
        }
        return a;
    }

    private static double[][] ramp(double tau, int bins) {
        double[][] h = new double[bins][bins];
        for (int i = 0; i < bins * bins; i++) {
            int n = Math.abs(i / bins - i % bins);
            h[i / bins][i % bins] = n == 0 ? 1 / (4 * tau) : n % 2 == 0 ? 0 : -1 / (Math.PI * Math.PI * n * n * tau);
        }
        return h;
    }

    @Test
    void a_fresh_mask_for_each_item_is_recoverable() throws IOException {
        Diagnosis mask = diagnosis("{type: random-mask, probability: 0.5, noise: 0.05}");
        assertSnr(mask, (f, g) -> 1, .05);
        assertThat(verdicts(mask)).containsExactly(Verdict.RECOVERABLE);
        assertThat(mask.spectrum().bands())
                .as("the share that is lost has a standard error of .001")
                .allSatisfy(band -> {
                    double left = mean(band, (f, g) -> 1 / (1 / .0025 + 1 / power(Math.hypot(f, g))))
                            / mean(band, (f, g) -> power(Math.hypot(f, g)));
                    assertThat(band.rate()).isCloseTo(.5 + .5 * left, within(.01));
                });
    }

    @Test
    void a_negative_gain_diverges_where_the_mean_is_not_0() throws IOException {
        Diagnosis negative = diagnosis("{type: linear, gain: -0.7, noise: 0.2}");
        assertSnr(negative, (f, g) -> .49, .2);
        assertThat(verdicts(negative)).containsExactly(Verdict.DIVERGES);
        assertThat(negative.findings().get(0).sentence()).contains("(mean)");
        assertThat(negative.spectrum().bands())
                .allSatisfy(band -> assertThat(band.gain()).isCloseTo(-.7, within(1e-3)));
    }

    @Test
    void one_mask_for_all_items_makes_what_it_covers_not_recoverable() throws IOException {
        Diagnosis mask = diagnosis("one-mask");
        assertSnr(mask, (f, g) -> 1, .1);
        assertThat(verdicts(mask)).containsExactly(Verdict.NOT_RECOVERABLE);
        assertThat(mask.findings().get(0).sentence())
                .contains("128 of 256 directions", "the conditioning is the same at every call");
    }

    @Test
    void grey_scale_makes_two_of_three_directions_across_the_channels_not_recoverable() throws IOException {
        Diagnosis grey = diagnosis("colour.npy", "grey");
        assertThat(verdicts(grey)).containsExactly(Verdict.NOT_RECOVERABLE);
        assertThat(grey.findings().get(0).sentence()).contains("512 of 768 directions");
        Band kept = grey.spectrum().bands().get(0);
        assertThat(kept.direction()).containsPattern("[+-]0.58, [+-]0.58, [+-]0.58");
        assertThat(kept.gain()).isCloseTo(1, within(1e-3));
        assertThat(grey.spectrum().bands().subList(10, 30)).allMatch(band -> band.hidden() > 1 - 1e-6);
    }

    @Test
    void half_the_resolution_destroys_three_directions_of_four() throws IOException {
        Diagnosis coarse = diagnosis("{type: downsample, factor: 2, noise: 0.01}");
        assertThat(verdicts(coarse)).contains(Verdict.NOT_RECOVERABLE);
        assertThat(coarse.findings().toString()).contains("192 of 256 directions");
    }

    @Test
    void a_sensor_that_clips_is_not_affine() throws IOException {
        Diagnosis clipped = diagnosis("{type: saturation, gain: 3, levels: 4, noise: 0.05}");
        assertThat(clipped.spectrum().affine()).isFalse();
        assertThat(clipped.spectrum().destroyed())
                .as("a larger step may well be answered")
                .isEmpty();
        assertThat(verdicts(clipped)).containsExactly(Verdict.CANNOT_BE_TOLD);
        assertThat(String.join("\n", clipped.unknowns())).contains("clipping");
    }

    @Test
    void where_the_recipe_s_solver_deletes_detail_another_is_named_with_the_reason() throws IOException {
        Path recipe = Files.writeString(folder.resolve("euler.yaml"), """
                seed: 3
                data: {type: npy, path: grey.npy, holdOut: 600}
                forward: {type: gaussian-noise, sigma: 1}
                drift: {type: unet, channels: 8, multipliers: [1], blocks: 1, attention: []}
                solver: {type: euler, steps: 16, refinement: 1}
                train: {steps: 1000, solver: {type: euler, steps: 16, refinement: 1}}
                """);
        String advice = String.join(
                "\n", Diagnosis.of(recipe, List.of(), plugins, HOME, true).advice());
        assertThat(advice).contains("end at 0.000", "signal-to-noise ratio", "Use solver=");
    }
}
