package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalProcessIT {
    private static final String CONTRIB =
            Launcher.HOME.resolve("plugins-contrib").toString();

    /** Shifts its items by .1; at the end of its input it does not end. */
    private static final String PROGRAM = """
            import java.io.*;
            import java.nio.*;

            public class Program {
                static void say(String text) {
                    System.out.print(text);
                    System.out.flush();
                }

                public static void main(String[] arguments) throws Exception {
                    DataInputStream in = new DataInputStream(System.in);
                    say(switch (arguments[0]) {
                        case "mute" -> "";
                        case "garbage" -> "Welcome to the camera simulator!\\n";
                        default -> "palimpsest 1 shift conditioning=none\\n";
                    });
                    int frames = 0;
                    for (int first = in.read(); first >= 0; first = in.read()) {
                        if (++frames == Integer.parseInt(arguments[1])) {
                            System.err.println("out of film");
                            System.exit(5);
                        }
                        StringBuilder line = new StringBuilder();
                        for (int next = first; next != '\\n'; next = in.read()) {
                            line.append((char) next);
                        }
                        byte[] preamble = in.readNBytes(10);
                        byte[] header = in.readNBytes(ByteBuffer.wrap(preamble).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
                        int items = Integer.parseInt(new String(header).replaceFirst(".*\\\\((\\\\d+),.*\\\\s*", "$1"));
                        ByteBuffer x = ByteBuffer.wrap(in.readNBytes(8 * items)).order(ByteOrder.LITTLE_ENDIAN);
                        for (int i = 0; i < 2 * items; i++) {
                            x.putFloat(4 * i, x.getFloat(4 * i) + .1f);
                        }
                        say("frame " + line.toString().split(" ")[1] + "\\n");
                        System.out.write(preamble);
                        System.out.write(header);
                        System.out.write(x.array());
                        System.out.flush();
                    }
                    Thread.sleep(600_000);
                }
            }
            """;

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void a_program() {
        launcher = Launcher.brief(folder);
        launcher.write("Program.java", PROGRAM);
        Result compiled = launcher.shell("javac Program.java");
        assertThat(compiled.code()).as(compiled.err()).isZero();
    }

    @AfterEach
    void no_process_is_left() throws InterruptedException {
        for (int i = 0; i < 100 && !ours().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(ours()).isEmpty();
    }

    /** The class path of the program is the folder of the test, which no other process has in its command. */
    private List<ProcessHandle> ours() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("-cp " + folder))
                .toList();
    }

    private String[] run(String program, int steps) {
        launcher.write("external.yaml", """
                data: {type: two-moons, count: 200, holdOut: 50}
                forward: {type: external-process, command: %s, startTimeout: %d}
                drift: {type: mlp, widths: [16]}
                train: {steps: %d, batch: 32, recorruptions: 1}
                evaluate: {metrics: [sliced-wasserstein]}
                """.formatted(program, program.contains("mute") ? 5 : 60, steps));
        return new String[] {"run", "external.yaml", "--plugins", CONTRIB};
    }

    private String program(String mode, int lastFrame) {
        return "[java, -Xshare:auto, -XX:TieredStopAtLevel=1, -cp, \"%s\", Program, %s, \"%d\"]"
                .formatted(folder, mode, lastFrame);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(folder.resolve("runs"))) {
            return tree.filter(Files::isRegularFile)
                    .map(file ->
                            folder.resolve("runs/external/1").relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mute    | Program mute 0: expected its hello line, "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)" within 5 s, got nothing
            garbage | Program garbage 0: expected as first line "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)", got "Welcome to the camera simulator!"
            missing | no-such-program mask.py: there is no program "no-such-program" in the folders of PATH, /
            """)
    void a_program_that_does_not_start_well_is_told_in_one_line_and_leaves_no_run(String mode, String told)
            throws IOException {
        String command = mode.equals("missing") ? "[no-such-program, mask.py]" : program(mode, 0);
        Result run = launcher.run(run(command, 5));
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.err())
                .hasLineCount(1)
                .startsWith("forward model \"external-process\" (plugin palimpsest-external-process): ")
                .contains(told)
                .doesNotContain("Exception");
        assertThat(files()).isEmpty();
    }

    @Test
    void a_program_that_exits_half_way_through_training_is_told_and_the_weights_so_far_are_kept() throws IOException {
        Result run = launcher.run(run(program("shift", 400), 1000));
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        List<String> lines = run.err().lines().toList();
        assertThat(lines.get(lines.size() - 1))
                .contains(
                        "Program shift 400: ended with exit code 5 before its answer to frame 400; its standard error ends with: out of film, in training step ");
        assertThat(lines.get(lines.size() - 3))
                .matches("the weights after step \\d+ are in runs/external/1/checkpoints");
        assertThat(lines.get(lines.size() - 2))
                .isEqualTo(
                        "once the cause is gone, go on with: palimpsest resume runs/external/1 --plugins " + CONTRIB);
        assertThat(files())
                .containsExactly(
                        ".lock",
                        "checkpoints/result.npy",
                        "checkpoints/state-1.npz",
                        "environment.json",
                        "metrics.jsonl",
                        "observations/clean.npy",
                        "observations/y.npy",
                        "plugins.lock",
                        "question.json",
                        "recipe.yaml",
                        "signature.json");
    }

    @Test
    void a_program_that_does_not_end_with_its_input_is_ended_with_the_run() {
        Result run = launcher.run(run(program("shift", 0), 5));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("runs/external/1/summary.json")).isNotEmptyFile();
    }

    /** By SIGTERM, which is handled as Ctrl-C is: a shell that starts the tests in the background has SIGINT ignored. */
    @Test
    void an_interrupt_ends_the_program_and_saves_the_state_of_training() throws Exception {
        Path err = folder.resolve("err.txt");
        List<String> command = Stream.concat(
                        Stream.of(launcher.script().toString()), Stream.of(run(program("shift", 0), 100_000)))
                .toList();
        Process process = launcher.start(command, folder.resolve("out.txt"), err);
        Path metrics = folder.resolve("runs/external/1/metrics.jsonl");
        for (int i = 0; i < 600 && !(Files.exists(metrics) && Files.size(metrics) > 0); i++) {
            Thread.sleep(100);
        }
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(130);
        assertThat(Files.readString(err))
                .endsWith("interrupted; go on with: palimpsest resume runs/external/1 --plugins " + CONTRIB + "\n");
        assertThat(folder.resolve("runs/external/1/checkpoints/state-1.npz")).isNotEmptyFile();
        assertThat(folder.resolve("runs/external/1/summary.json")).doesNotExist();
    }
}
