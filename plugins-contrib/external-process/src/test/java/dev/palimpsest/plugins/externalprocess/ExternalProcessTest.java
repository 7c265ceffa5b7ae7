package dev.palimpsest.plugins.externalprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The programs are {@link TestProgram}, run by the Java that runs the tests. */
@Timeout(60)
class ExternalProcessTest {
    private static final double LONG = 60;

    /** For a program that has said hello already, or a shell, which needs no time to start. */
    private static final double SHORT = 5;

    private final INDArray x = Samples.gaussian(generator(3), 6, 1, 4, 4);

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static List<String> command(String mode) {
        try {
            Path classes = Path.of(TestProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-cp",
                    classes.toString(),
                    TestProgram.class.getName(),
                    mode);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static ExternalProcess program(String mode, double timeout, int processes, int batch) {
        return new ExternalProcess(command(mode), LONG, timeout, processes, batch, Optional.empty());
    }

    private String failure(ExternalProcess model, INDArray items) {
        return catchThrowableOfType(UncheckedIOException.class, () -> model.apply(items, generator(9)))
                .getMessage();
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static void awaitNoProcess(Runnable meanwhile) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!children().isEmpty() && System.nanoTime() < deadline) {
            meanwhile.run();
            Thread.sleep(20);
        }
        assertThat(children()).isEmpty();
    }

    /** What nobody needs any more is ended when it is collected. */
    @AfterEach
    void no_process_is_left_once_nobody_needs_it() throws InterruptedException {
        awaitNoProcess(System::gc);
    }

    @Test
    void it_is_found_and_needs_a_command() {
        assertThat(ServiceLoader.load(ForwardModel.class).stream().map(ServiceLoader.Provider::get))
                .containsExactly(new ExternalProcess(List.of(), 60, 60, 1, 64, Optional.empty()));
        assertThatThrownBy(() -> new ExternalProcess().prepare(new long[] {1, 4, 4}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "external-process needs a command, the program and its arguments, such as command: [python3, mask.py]");
        assertThatThrownBy(() -> new ExternalProcess(List.of("a"), 1, 0, 1, 1, Optional.empty()))
                .hasMessage("timeout must be above 0 and at most 86400, got 0.0");
    }

    /** The program adds its seed / 2^63 to x, and tells how many items a frame had. */
    @Test
    void a_batch_is_cut_into_frames_each_with_a_seed_from_the_generator_and_the_number_of_processes_changes_nothing() {
        RandomGenerator rng = generator(9);
        INDArray expected = x.dup();
        for (int item = 0; item < 6; item++) {
            if (item % 4 == 0) {
                expected.get(NDArrayIndex.interval(item, Math.min(6, item + 4)))
                        .addi((rng.nextLong() >>> 1) * 0x1p-63f);
            }
        }
        INDArray before = x.dup();
        for (int processes : new int[] {1, 3}) {
            ForwardModel model = program("items-and-seed", LONG, processes, 4).prepare(new long[] {1, 4, 4});
            assertThat(children()).hasSizeGreaterThanOrEqualTo(processes);
            for (int call = 0; call < 3; call++) {
                Observations observed = model.apply(x, generator(9));
                assertThat(observed.y()).isEqualTo(expected);
                assertThat(observed.conditioning().orElseThrow())
                        .isEqualTo(Nd4j.createFromArray(new float[][] {{4}, {4}, {4}, {4}, {2}, {2}}));
            }
            assertThat(model.apply(x, generator(10)).y()).isNotEqualTo(expected);
        }
        assertThat(x).isEqualTo(before);
    }

    @Test
    void equal_records_share_their_processes_and_two_threads_may_call_at_once() {
        ForwardModel one = program("items-and-seed", LONG, 2, 2).prepare(new long[] {1, 4, 4});
        ForwardModel two = program("items-and-seed", LONG, 2, 2);
        assertThat(children()).hasSize(2);
        List<CompletableFuture<INDArray>> calls = new ArrayList<>();
        for (int call = 0; call < 40; call++) {
            ForwardModel model = call % 2 == 0 ? one : two;
            int seed = call % 5;
            calls.add(CompletableFuture.supplyAsync(
                    () -> model.apply(x, generator(seed)).y()));
        }
        for (int call = 0; call < 40; call++) {
            assertThat(calls.get(call).join())
                    .isEqualTo(one.apply(x, generator(call % 5)).y());
        }
        assertThat(children()).hasSize(2);
    }

    @Test
    void a_program_that_is_not_there_is_named_with_where_it_was_looked_for() {
        assertThat(failure(new ExternalProcess(List.of("no-such-program", "-v"), 1, 1, 1, 1, Optional.empty()), x))
                .startsWith("no-such-program -v: there is no program \"no-such-program\" in the folders of PATH, ")
                .contains(System.getenv("PATH"));
        String missing = "target" + File.separator + "no-such-program";
        assertThat(failure(new ExternalProcess(List.of(missing), 1, 1, 1, 1, Optional.empty()), x))
                .isEqualTo(missing + ": there is no program " + Path.of(missing).toAbsolutePath()
                        + "; a relative path is taken from the working directory");
        assertThat(failure(
                        new ExternalProcess(List.of("." + File.separator + "pom.xml"), 1, 1, 1, 1, Optional.empty()),
                        x))
                .contains("pom.xml: cannot be started (", "is it a program, and executable?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            chatty               ~ expected as first line "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)", got "Loading the model..."; standard output is for frames alone: print anything else to standard error; its standard error is empty
            version-2            ~ speaks version 2 of the protocol, but this plugin speaks version 1: use the plugin that it was written for; its standard error is empty
            no-conditioning-said ~ expected as first line "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)", got "palimpsest 1 test"; standard output is for frames alone: print anything else to standard error; its standard error is empty
            exits-at-once        ~ ended with exit code 3 before its hello line, "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)"; its standard error ends with: no licence found | ask the vendor
            hello-and-more       ~ wrote more than was asked for after its hello, beginning with "ready\\x0a"; standard output is for frames alone: print anything else to standard error; its standard error is empty
            says-error           ~ said of frame 1: the film is used up; its standard error is empty
            garbage              ~ expected the line "frame 1" (or "error <text>"), got "\\x01\\xfffdhelp"; standard output is for frames alone: print anything else to standard error; its standard error is empty
            wrong-id             ~ expected the line "frame 1" (or "error <text>"), got "frame 17"; standard output is for frames alone: print anything else to standard error; its standard error is empty
            no-array             ~ expected y as an NPY array, which begins with "\\x93NUMPY", got "0.25 0.5 0"; its standard error is empty
            npy-2                ~ expected y as NPY 1.0, got version 2.0; its standard error is empty
            no-header            ~ expected in the NPY header of y the entries 'descr', 'fortran_order' and 'shape', got "{'shape': 3}"; its standard error is empty
            f8                   ~ expected y of type '<f4' (float32, little-endian), got '<f8': convert it before it is written; its standard error is empty
            fortran              ~ expected y in C order, got fortran_order True: write it row by row (numpy: ascontiguousarray); its standard error is empty
            other-shape          ~ expected y of shape (6, 1, 4, 4), got (7, 1, 4, 4); its standard error is empty
            huge-shape           ~ expected y of shape (6, 1, 4, 4), got (999999999999, 1, 4, 4); its standard error is empty
            nan                  ~ expected finite numbers in y, got NaN at item 0 of the frame, index 5; its standard error is empty
            exits-in-its-answer  ~ ended with exit code 4 after the first 200 bytes of its answer to frame 1, beginning with "frame 1\\x0a\\x93NUMPY\\x01\\x00v\\x00{'descr': '<f4', 'fort"; its standard error ends with: no licence found | ask the vendor
            more-than-an-answer  ~ wrote more than was asked for around frame 1, beginning with "done\\x0a"; standard output is for frames alone: print anything else to standard error; its standard error is empty
            is-killed            ~ was killed by signal 9 (SIGKILL) before its answer to frame 1; its standard error is empty
            """, maxCharsPerColumn = 10_000)
    void what_a_program_does_wrong_is_told_in_one_line_and_it_is_ended(String mode, String reason)
            throws InterruptedException {
        assertThat(failure(program(mode, LONG, 1, 64), x))
                .isEqualTo(String.join(" ", command(mode)) + ": " + reason.replace("\\\\", "\\"));
        awaitNoProcess(() -> {});
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            hangs-in-its-answer ~ : expected its answer to frame 1 within 5 s, got only 200 bytes of it, beginning with "frame 1
            never-reads         ~ : expected its answer to frame 1 within 5 s, got nothing; it took
            closes-its-input    ~ then closed its standard input
            """, maxCharsPerColumn = 10_000)
    void a_program_that_hangs_is_told_and_ended_when_its_time_is_over(String mode, String reason)
            throws InterruptedException {
        INDArray large = Nd4j.zeros(64, 3, 64, 64);
        assertThat(failure(program(mode, SHORT, 1, 64), large)).contains(reason);
        awaitNoProcess(() -> {});
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            sleep 600                              ~ : expected its hello line, "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)" within 5 s, got nothing; its standard error is empty
            printf 'palimpsest 1 te'; sleep 600    ~ within 5 s, got only 15 bytes of it, beginning with "palimpsest 1 te"; its standard error is empty
            """, maxCharsPerColumn = 10_000, quoteCharacter = '`')
    void a_program_that_says_no_hello_is_told_and_ended_when_its_time_to_start_is_over(String script, String reason)
            throws InterruptedException {
        long begun = System.nanoTime();
        assertThat(failure(new ExternalProcess(List.of("sh", "-c", script), SHORT, LONG, 1, 64, Optional.empty()), x))
                .contains(reason);
        awaitNoProcess(() -> {});
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    @Test
    void a_line_that_never_ends_is_garbage_and_is_not_waited_for() {
        assertThat(failure(program("endless-garbage", LONG, 1, 64), x))
                .contains("expected the line \"frame 1\" (or \"error <text>\"), got \"\\x00\\x00");
    }

    @Test
    void what_a_program_has_started_is_ended_with_it() throws Exception {
        String told = failure(program("has-a-child", SHORT, 1, 64), x);
        assertThat(end(told)).succeedsWithin(Duration.ofSeconds(20));
    }

    /** The child is nobody's descendant any more when it is looked for; with env -i it does not even have the environment of the program, but was there at the hello. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            sleep 77 & echo $! >&2; echo hello                                                          ~ expected as first line
            sleep 77 & echo $! >&2; exit 3                                                              ~ ended with exit code 3 before its hello line
            (sleep 77 & echo $! >&2); exit 3                                                            ~ ended with exit code 3 before its hello line
            env -i sleep 77 & echo $! >&2; echo palimpsest 1 test conditioning=none; read frame; exit 3 ~ ended with exit code 3 before its answer to frame 1
            """)
    void what_a_program_leaves_behind_when_it_ends_is_ended(String script, String reason) throws Exception {
        String told = failure(new ExternalProcess(List.of("sh", "-c", script), LONG, LONG, 1, 64, Optional.empty()), x);
        assertThat(told).contains(reason);
        assertThat(end(told)).succeedsWithin(Duration.ofSeconds(20));
    }

    /** Of the process whose number is the last that standard error had. */
    private static CompletableFuture<?> end(String told) {
        assertThat(told).containsPattern("its standard error ends with: \\d+$");
        return ProcessHandle.of(Long.parseLong(told.substring(told.lastIndexOf(' ') + 1)))
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    @Test
    void a_program_that_exits_half_way_stays_ended_until_the_model_is_prepared_anew() throws Exception {
        ForwardModel model = program("exits-at-frame-2", LONG, 1, 64).prepare(new long[] {1, 4, 4});
        assertThat(model.apply(x, generator(9)).y()).isEqualTo(x);
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> model.apply(x, generator(9)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("ended with exit code 5 before its answer to frame 2");
            awaitNoProcess(() -> {});
        }
        ForwardModel anew = program("exits-at-frame-2", LONG, 1, 64).prepare(new long[] {1, 4, 4});
        assertThat(anew.apply(x, generator(9)).y()).isEqualTo(x);
    }

    @Test
    void the_first_failure_of_one_process_ends_all_and_is_what_every_thread_is_told() throws Exception {
        ForwardModel model = program("exits-at-frame-2", LONG, 3, 1).prepare(new long[] {1, 4, 4});
        assertThatThrownBy(() -> model.apply(x, generator(9)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("ended with exit code 5 before its answer to frame 2");
        awaitNoProcess(() -> {});
        assertThatThrownBy(() -> model.apply(x, generator(9))).hasMessageContaining("before its answer to frame 2");
    }

    @Test
    void a_flood_on_standard_error_blocks_nothing_and_goes_to_the_log(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("program.log");
        ExternalProcess model = new ExternalProcess(command("floods"), LONG, LONG, 1, 3, Optional.of(log.toString()));
        assertThat(model.apply(x, generator(9)).y()).isEqualTo(x);
        for (int i = 0; i < 200 && Files.readAllLines(log).size() < 40_000; i++) {
            Thread.sleep(50);
        }
        assertThat(Files.readAllLines(log))
                .hasSize(40_000)
                .startsWith("1: line 0 of a long story about nothing")
                .endsWith("1: line 19999 of a long story about nothing");
        Path nowhere = folder.resolve("missing").resolve("program.log");
        assertThat(failure(
                        new ExternalProcess(command("floods"), LONG, LONG, 1, 3, Optional.of(nowhere.toString())), x))
                .startsWith("log: cannot write " + nowhere)
                .contains("name a file in a folder that exists and can be written");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_log_has_the_last_words_and_is_closed_when_the_processes_have_ended(@TempDir Path folder) throws Exception {
        Path log = folder.toRealPath().resolve("program.log");
        ForwardModel model = new ExternalProcess(
                        command("exits-at-frame-2"), LONG, LONG, 1, 64, Optional.of(log.toString()))
                .prepare(new long[] {1, 4, 4});
        model.apply(x, generator(9));
        assertThat(openFiles()).contains(log);
        assertThatThrownBy(() -> model.apply(x, generator(9))).hasMessageContaining("ended with exit code 5");
        assertThat(Files.readAllLines(log)).containsExactly("1: no licence found", "1: ask the vendor");
        assertThat(openFiles()).isNotEmpty().doesNotContain(log);
    }

    private static List<Path> openFiles() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                try {
                    open.add(Files.readSymbolicLink(number));
                } catch (NoSuchFileException closedMeanwhile) {
                    // as it should be
                }
            }
        }
        return open;
    }

    @Test
    void there_must_be_an_item_and_a_frame_must_fit_into_one_message() {
        assertThatThrownBy(
                        () -> program("maps", LONG, 1, 64).apply(Nd4j.create(DataType.FLOAT, 0, 1, 4, 4), generator(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("external-process needs one item or more, [n, ...], got the shape [0, 1, 4, 4]");
        long[] large = {8, 1, 8192, 8192};
        assertThatThrownBy(() -> new Frame(new float[0], 0, 8 * 8192 * 8192, large, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "external-process: a frame of shape [8, 1, 8192, 8192] has more than 2 GiB: use a smaller batch");
    }

    @Test
    void a_nul_in_a_text_for_the_operating_system_is_refused() {
        assertThatThrownBy(() -> new ExternalProcess(List.of("python3", "mask\0.py"), 1, 1, 1, 1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "command must be without the character NUL, which ends a text for the operating system, got \"mask\\x00.py\"");
        assertThatThrownBy(() -> new ExternalProcess(List.of("python3"), 1, 1, 1, 1, Optional.of("\0")))
                .hasMessageStartingWith("log must be without the character NUL");
    }

    @Test
    void maps_need_images() {
        assertThat(failure(program("maps", LONG, 1, 64), Nd4j.zeros(6, 2)))
                .contains(
                        "announced conditioning=maps:1, which images [n, channels, height, width] can have, but the items are [6, 2]: let it announce vectors or none");
    }
}
