package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed, interrupted or damaged, and go on. A run of its own, which is left alone, says how they must end. */
class ResumeIT {
    /** How many runs are killed; -Dkills=20 for more. */
    private static final int KILLS = Integer.getInteger("kills", 3);

    /** A small one of all there is: warm-up, mean rounds, pool, frozen average, conditioning, checkpoints, a state after nearly every step. */
    private static final String RECIPE = """
            name: small
            seed: 5
            data: {type: dead-leaves, size: [16, 16], count: 60, holdOut: 16}
            forward: {type: random-mask, probability: 0.5, noise: 0.001}
            drift: {type: unet, channels: 8, multipliers: [1, 1], blocks: 1, attention: []}
            solver: {type: midpoint, steps: 4}
            train: {steps: 40, batch: 8, solver: {type: midpoint, steps: 2}, warmUp: 6, meanSteps: 16, meanRounds: 2, pool: 0.25, refreshEvery: 2, checkpointEvery: 13,
                    select: observation-energy, saveEvery: 0.1}
            evaluate: {metrics: [psnr, ssim, sliced-wasserstein]}
            """;

    /** What a run tells when it comes to what is to be killed: training with its checkpoints, restoring, scoring with its report. */
    private static final List<String> PHASES = List.of("training: ", "restoring ", "scoring");

    @TempDir
    static Path folder;

    private static Map<String, String> uninterrupted;
    private static double[] seconds;
    private static Started alone;
    private static Result second;

    @BeforeAll
    static void run_one_that_is_left_alone() throws Exception {
        Launcher.in(folder).write("small.yaml", RECIPE);
        alone = start("alone");
        alone.await("training: ");
        second = resume(alone);
        seconds = alone.secondsOfPhases();
        uninterrupted = RunResult.of(alone.folder());
        assertThat(uninterrupted).hasSizeGreaterThan(10);
    }

    @Test
    void a_run_that_is_killed_at_any_moment_ends_bit_for_bit_as_if_it_had_not_been() throws Exception {
        RandomGenerator rng = RandomGenerator.of("L64X128MixRandom");
        for (int kill = 0; kill < KILLS; kill++) {
            int phase = kill % PHASES.size();
            Started run = start("killed-" + kill);
            run.await(PHASES.get(phase));
            long wait = (long) (1e3 * rng.nextDouble() * seconds[phase]);
            Thread.sleep(wait);
            run.process().destroyForcibly().waitFor();
            Result resumed = resume(run);
            assertThat(resumed.code()).as(resumed.err()).isZero();
            assertThat(resumed.lastLine())
                    .isEqualTo(folder.relativize(run.folder()).toString());
            assertThat(RunResult.of(run.folder()))
                    .as("killed %d ms after \"%s\"", wait, PHASES.get(phase))
                    .isEqualTo(uninterrupted);
        }
    }

    /** By SIGTERM, which is handled as Ctrl-C is: a shell that starts the tests in the background has SIGINT ignored. */
    @Test
    void an_interrupted_run_saves_what_it_has_says_how_to_go_on_and_ends_as_if_it_had_not_been() throws Exception {
        Started run = start("interrupted", "train.saveEvery=1000");
        run.await("training: ");
        run.awaitStep();
        run.process().destroy();
        assertThat(run.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(run.process().exitValue()).isEqualTo(130);
        String path = folder.relativize(run.folder()).toString();
        assertThat(run.told()).endsWith("interrupted; go on with: palimpsest resume " + path + "\n");
        assertThat(states(run)).hasSize(1);
        assertThat(run.folder().resolve("summary.json")).doesNotExist();
        assertThat(resume(run).code()).isZero();
        assertThat(RunResult.of(run.folder())).isEqualTo(uninterrupted);
        JsonObject took = JsonParser.parseString(Files.readString(run.folder().resolve("summary.json")))
                .getAsJsonObject()
                .getAsJsonObject("seconds");
        assertThat(took.get("total").getAsDouble())
                .isGreaterThan(Stream.of("train", "judge", "restore", "evaluate")
                        .mapToDouble(stage -> took.get(stage).getAsDouble())
                        .sum());
    }

    @Test
    void a_state_that_is_damaged_is_told_and_the_one_before_it_used() throws Exception {
        Started run = start("damaged", "train.saveEvery=0");
        run.await("training: ");
        run.awaitStep();
        while (states(run).size() < 2) {
            Thread.sleep(10);
        }
        run.process().destroyForcibly().waitFor();
        List<Path> states = states(run);
        assertThat(states.size())
                .as("the last two, and one that is to be deleted at most")
                .isBetween(2, 3);
        Path newest = states.get(0);
        try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int value = file.read();
            file.seek(file.length() / 2);
            file.write(value ^ 1);
        }
        Result resumed = resume(run);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err())
                .contains("warning: " + folder.relativize(newest))
                .contains("the state before it is used", "going on after step ");
        Map<String, String> result = RunResult.of(run.folder());
        assertThat(result.get("summary")).contains("the state before it is used");
        result.remove("summary");
        assertThat(uninterrupted).containsAllEntriesOf(result);
    }

    @Test
    void a_second_process_on_a_run_folder_is_refused_and_the_first_goes_on() throws Exception {
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err().strip())
                .isEqualTo("another process is at work in alone/small/1; wait for its end, or stop it, and try again");
        Path report = alone.folder().resolve("report.html");
        String page = Files.readString(report);
        Files.delete(report);
        Result finished = resume(alone);
        assertThat(finished.code()).as("a finished run is left as it is").isZero();
        assertThat(finished.err()).doesNotContain("training");
        assertThat(report).hasContent(page);
        assertThat(finished.out()).contains("psnr");
        assertThat(RunResult.of(alone.folder())).isEqualTo(uninterrupted);
        assertThat(alone.folder().resolve("observations")).doesNotExist();
        assertThat(states(alone)).isEmpty();
    }

    @Test
    void what_is_no_run_folder_is_told() {
        Result resumed = Launcher.in(folder).run("resume", "nowhere");
        assertThat(resumed.code()).isEqualTo(1);
        assertThat(resumed.err().strip()).isEqualTo("nowhere is not a run folder: it has no recipe.yaml");
    }

    private static Result resume(Started run) {
        return Launcher.in(folder).run("resume", folder.relativize(run.folder()).toString());
    }

    /** The newest first. */
    private static List<Path> states(Started run) throws IOException {
        try (Stream<Path> files = Files.list(run.folder().resolve("checkpoints"))) {
            return files.filter(file -> file.getFileName().toString().matches("state-\\d+\\.npz"))
                    .sorted(Comparator.comparingInt(ResumeIT::number).reversed())
                    .toList();
        }
    }

    private static int number(Path state) {
        return Integer.parseInt(state.getFileName().toString().replaceAll("\\D", ""));
    }

    private static Started start(String name, String... overrides) throws IOException {
        Launcher launcher = Launcher.in(folder);
        List<String> command =
                new ArrayList<>(List.of(launcher.script().toString(), "run", "small.yaml", "--runs", name));
        command.addAll(List.of(overrides));
        Path err = folder.resolve(name + ".err");
        return new Started(
                launcher.start(command, folder.resolve(name + ".out"), err),
                folder.resolve(name).resolve("small/1"),
                err);
    }

    /** A run under way. */
    private record Started(Process process, Path folder, Path err) {
        String told() throws IOException {
            return Files.readString(err);
        }

        /** Waits until the run has told that it begins something. */
        void await(String phase) throws Exception {
            while (told().lines().noneMatch(line -> line.startsWith(phase))) {
                assertThat(process.isAlive()).as(told()).isTrue();
                Thread.sleep(2);
            }
        }

        void awaitStep() throws Exception {
            Path metrics = folder.resolve("metrics.jsonl");
            while (!Files.exists(metrics) || Files.size(metrics) == 0) {
                Thread.sleep(2);
            }
        }

        /** Waits for the run's end; tells how long each phase took. */
        double[] secondsOfPhases() throws Exception {
            double[] begun = new double[PHASES.size() + 1];
            for (int phase = 0; phase < PHASES.size(); phase++) {
                await(PHASES.get(phase));
                begun[phase] = System.nanoTime() / 1e9;
            }
            assertThat(process.waitFor()).as(told()).isZero();
            begun[PHASES.size()] = System.nanoTime() / 1e9;
            double[] seconds = new double[PHASES.size()];
            for (int phase = 0; phase < PHASES.size(); phase++) {
                seconds[phase] = begun[phase + 1] - begun[phase];
            }
            return seconds;
        }
    }
}
