package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryIT {
    /** Images of 3 x 32 x 32 and a network of 31 million weights; nothing of it is allocated where it is refused. */
    private static final String LARGE = """
            data: {type: fashion-mnist, limit: 300, holdOut: 10}
            forward: {type: random-mask}
            drift: {type: unet, channels: 64, multipliers: [1, 2, 3, 4], blocks: 3, attention: [16, 8]}
            train: {steps: 1, batch: 128}
            """;

    private static final String SMALL = """
            data: {type: two-moons, count: 300, holdOut: 10}
            forward: {type: gaussian-noise, sigma: 0.5}
            drift: {type: mlp, widths: [8]}
            train: {steps: 1, batch: 8}
            """;

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void start() {
        launcher = Launcher.in(folder);
        launcher.write("large.yaml", LARGE);
        launcher.write("small.yaml", SMALL);
    }

    private Launcher.Result limited(String megabytes, String command) {
        return launcher.shell("PALIMPSEST_JAVA_OPTS=-Dorg.bytedeco.javacpp.maxphysicalbytes=" + megabytes
                + "m \"$palimpsest\" " + command);
    }

    @Test
    void check_prints_the_memory_at_the_peak() {
        Launcher.Result result = launcher.run("check", "small.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("memory at the peak: 0\\.[0-9]+ GB of memory");
    }

    @Test
    void check_and_run_refuse_what_does_not_fit_and_say_what_would() {
        Launcher.Result checked = limited("3000", "check large.yaml");
        assertThat(checked.code()).isEqualTo(1);
        Matcher advice = Pattern.compile("needs about .* but there are 3\\.15 GB; (train\\.microBatch=\\d+) would fit")
                .matcher(checked.err());
        assertThat(advice.find()).as(checked.err()).isTrue();
        Launcher.Result run = limited("3000", "run large.yaml");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(advice.group(1));
        assertThat(folder.resolve("runs/large/1")).doesNotExist();
    }

    @Test
    void where_no_batch_fits_it_says_so() {
        Launcher.Result result = limited("900", "check large.yaml");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("no batch would fit: use a smaller drift");
    }
}
