package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.runtime.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a machine does to a run, on real file systems: each fault is one sentence and an exit code, and what was written before it is whole. The file systems
 * are mounted in a name space of the command's own, which Linux gives to any user.
 */
class FaultsIT {
    /** 300 observations of 4 KiB and their masks: 2.4 MB; a state of training has 0.4 MB. */
    private static final String RECIPE = """
            name: small
            seed: 5
            data: {type: fashion-mnist, limit: 300, holdOut: 40}
            forward: {type: random-mask, probability: 0.5, noise: 0.001}
            drift: {type: unet, channels: 8, multipliers: [1, 1], blocks: 1, attention: []}
            solver: {type: midpoint, steps: 2}
            train: {steps: 12, batch: 4, warmUp: 12, saveEvery: 0}
            evaluate: {metrics: [psnr]}
            """;

    @TempDir
    Path folder;

    private Launcher launcher() {
        Launcher launcher = Launcher.in(folder);
        launcher.write("small.yaml", RECIPE);
        return launcher;
    }

    /** Runs the recipe with its runs on a file system of their own, and copies them to {@code kept}. */
    private Result onFileSystem(String options) {
        return launcher()
                .shell("mkdir -p runs kept && unshare -rm sh -c 'mount -t tmpfs -o " + options + " tmpfs runs"
                        + " && { \"$palimpsest\" run small.yaml; code=$?; cp -a runs/. kept; exit $code; }'");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_disk_that_is_full_before_training_fails_the_run_and_leaves_nothing_of_it() throws IOException {
        Result run = onFileSystem("size=1m");
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(lastLine(run))
                .startsWith("cannot write ")
                .contains("runs/small/1/observations/")
                .endsWith(": No space left on device");
        assertThat(files("kept")).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_disk_that_gets_full_in_training_fails_the_run_and_leaves_whole_files_from_which_it_goes_on()
            throws Exception {
        Result run = onFileSystem("size=3500k");
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err().lines()).contains("training: 12 steps of 4 items");
        assertThat(lastLine(run))
                .startsWith("cannot write ")
                .contains("runs/small/1/checkpoints/")
                .endsWith(": No space left on device");
        assertThat(files("kept"))
                .anyMatch(file -> file.endsWith("state-1.npz"))
                .noneMatch(file -> file.endsWith(".part"));
        Result resumed = launcher().run("resume", "kept/small/1");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on after step ").doesNotContain("damaged");
        Result other = launcher().run("run", "small.yaml");
        assertThat(RunResult.of(folder.resolve("kept/small/1")))
                .isEqualTo(RunResult.of(folder.resolve(other.lastLine())));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_folder_that_cannot_be_written_to_is_told_before_anything_else() {
        Result run = onFileSystem("ro");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip()).isEqualTo("cannot make a run folder in runs/small: Read-only file system");
    }

    @Test
    void a_file_where_the_folder_of_runs_is_to_be_is_told() {
        launcher().write("taken", "");
        Result run = launcher().run("run", "small.yaml", "--runs", "taken");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip()).isEqualTo("cannot make a run folder in taken/small: Not a directory");
    }

    @Test
    void data_that_vanish_or_become_shorter_in_training_are_told_with_their_name() throws Exception {
        Path y = folder.resolve("scans/y.npy");
        Npy.write(y, Nd4j.zeros(400, 2));
        launcher().write("scans.yaml", """
                name: scans
                seed: 1
                data: {type: observations, path: scans, holdOut: 50}
                forward: {type: gaussian-noise, sigma: 0.5}
                drift: {type: mlp, widths: [8]}
                train: {steps: 1000000, batch: 4, saveEvery: 1}
                """);
        Path err = folder.resolve("err.txt");
        Process run = launcher()
                .start(List.of(launcher().script().toString(), "run", "scans.yaml"), folder.resolve("out.txt"), err);
        while (run.isAlive() && !Files.exists(folder.resolve("runs/scans/1/checkpoints/state-1.npz"))) {
            Thread.sleep(20);
        }
        try (var file = Files.newByteChannel(y, StandardOpenOption.WRITE)) {
            file.truncate(200);
        }
        assertThat(run.waitFor()).as(Files.readString(err)).isEqualTo(2);
        List<String> told = Files.readAllLines(err);
        assertThat(told.get(told.size() - 1)).contains("scans/y.npy: became shorter while it was read");

        Files.delete(y);
        Result resumed = launcher().run("resume", "runs/scans/1");
        assertThat(resumed.code()).isEqualTo(2);
        assertThat(lastLine(resumed)).contains("scans");
        assertThat(folder.resolve("runs/scans/1/checkpoints/state-1.npz").getParent())
                .isDirectoryContaining(file -> file.toString().endsWith(".npz"));
    }

    @Test
    void memory_that_runs_out_is_told_with_what_to_do() {
        Result run = launcher()
                .shell(
                        "PALIMPSEST_JAVA_OPTS='-Xmx24m -Xms8m' \"$palimpsest\" run small.yaml train.batch=2000 train.recorruptions=1");
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(lastLine(run)).contains("memory").contains("train.batch");
    }

    private static String lastLine(Result run) {
        List<String> lines = run.err().lines().toList();
        return lines.get(lines.size() - 1);
    }

    private List<String> files(String in) throws IOException {
        try (Stream<Path> tree = Files.walk(folder.resolve(in))) {
            return tree.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
