package dev.palimpsest.plugins.externalprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "..", "examples", "external-process");

    @TempDir
    Path folder;

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static boolean works(Path input, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException notInstalled) {
            return false;
        }
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Path nothing() throws IOException {
        return Files.writeString(folder.resolve("nothing"), "");
    }

    private void assumePython() throws IOException, InterruptedException {
        assumeTrue(works(nothing(), "python3", "-c", "import numpy"), "python3 with numpy is not installed");
    }

    private List<String> python() {
        return List.of("python3", EXAMPLES.resolve("mask.py").toString());
    }

    private List<String> c() throws IOException, InterruptedException {
        assumeTrue(works(nothing(), "cc", "--version"), "cc, a C compiler, is not installed");
        String program = folder.resolve("mask").toString();
        String source = EXAMPLES.resolve("mask.c").toString();
        assertThat(works(
                        nothing(),
                        "cc",
                        "-O2",
                        "-std=c99",
                        "-Wall",
                        "-Wextra",
                        "-pedantic",
                        "-Werror",
                        "-o",
                        program,
                        source,
                        "-lm"))
                .isTrue();
        return List.of(program);
    }

    private static ExternalProcess model(List<String> program, int processes, String... arguments) {
        return new ExternalProcess(
                Stream.concat(program.stream(), Stream.of(arguments)).toList(),
                60,
                60,
                processes,
                30,
                Optional.empty());
    }

    @Test
    void the_python_example_is_the_random_mask_where_python3_and_numpy_are_installed() throws Exception {
        assumePython();
        isTheRandomMask(python());
    }

    @Test
    void the_c_example_is_the_random_mask_where_a_c_compiler_is_installed() throws Exception {
        isTheRandomMask(c());
    }

    /**
     * All of x is 5, so that a pixel within 1 of it is seen (a filler comes there once in 30,000; a noise of .1, ten deviations, never): the share of n pixels that is lost has the standard error sqrt(p (1 - p) / n),
     * the mean of m fillers 1 / sqrt(m) and their mean square sqrt(2 / m); as for the noise of the seen.
     */
    private void isTheRandomMask(List<String> program) throws Exception {
        ForwardModel model = model(program, 1, "0.3", "0.1").prepare(new long[] {3, 16, 12});
        INDArray x = Nd4j.ones(100, 3, 16, 12).muli(5);
        Observations observed = model.apply(x, generator(9));
        INDArray map = observed.conditioning().orElseThrow();
        assertThat(map.shape()).containsExactly(100, 1, 16, 12);
        float[] y = observed.y().dup('c').data().asFloat();
        float[] seen = map.dup('c').data().asFloat();
        double[] sums = new double[4];
        int lost = 0;
        for (int i = 0; i < y.length; i++) {
            float mask = seen[i / 576 * 192 + i % 192];
            assertThat(mask).isIn(0f, 1f);
            double deviation = mask == 1 ? (y[i] - 5) / .1 : y[i];
            assertThat(Math.abs(deviation)).isLessThan(6);
            sums[(int) mask] += deviation;
            sums[2 + (int) mask] += deviation * deviation;
            lost += mask == 0 ? 1 : 0;
        }
        assertThat(lost / 57_600.).isCloseTo(.3, within(4 * Math.sqrt(.3 * .7 / 19_200)));
        int[] counts = {lost, 57_600 - lost};
        for (int mask = 0; mask < 2; mask++) {
            assertThat(sums[mask] / counts[mask]).isCloseTo(0, within(4 / Math.sqrt(counts[mask])));
            assertThat(sums[2 + mask] / counts[mask]).isCloseTo(1, within(4 * Math.sqrt(2. / counts[mask])));
        }
        Observations again = model(program, 2, "0.3", "0.1").apply(x, generator(9));
        assertThat(again.y()).isEqualTo(observed.y());
        assertThat(again.conditioning()).isEqualTo(observed.conditioning());
        assertThat(model.apply(x, generator(10)).y()).isNotEqualTo(observed.y());
        assertThatThrownBy(() -> model.apply(Nd4j.zeros(4, 2), generator(9)))
                .hasMessageContaining("said of frame 9: expected images [n, channels, height, width]");
        assertThat(works(nothing(), program.toArray(String[]::new)))
                .as("ends with 0 when its input ends")
                .isTrue();
    }

    /** 40,000 values of .1 times a standard normal: mean square .01 with the standard error .01 sqrt(2 / 40,000). */
    @Test
    void the_thirty_lines_of_the_documentation_work_where_python3_and_numpy_are_installed() throws Exception {
        assumePython();
        String page = Files.readString(Path.of("..", "..", "docs", "external-process.md"));
        Matcher code = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(code.find()).isTrue();
        Path script = Files.writeString(folder.resolve("noise.py"), code.group(1));
        INDArray x = Samples.gaussian(generator(3), 400, 100);
        INDArray noise = model(List.of("python3", script.toString()), 2)
                .apply(x, generator(9))
                .y()
                .sub(x);
        double square = noise.mul(noise).meanNumber().doubleValue();
        assertThat(square).isCloseTo(.01, within(4 * .01 * Math.sqrt(2. / 40_000)));
    }
}
