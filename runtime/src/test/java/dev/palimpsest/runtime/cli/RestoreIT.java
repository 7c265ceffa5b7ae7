package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.cli.Launcher.Result;
import dev.palimpsest.runtime.data.ArrayArchive;
import dev.palimpsest.runtime.data.ArrayPlace;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.restore.FileRestoration;
import dev.palimpsest.runtime.restore.LostMark;
import dev.palimpsest.runtime.restore.Request;
import dev.palimpsest.runtime.run.FolderLock;
import dev.palimpsest.runtime.run.Progress;
import dev.palimpsest.runtime.run.Restorer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RestoreIT {
    private static final int SIZE = 32 * 32;
    private static final ImageFormat PNG_16 = new ImageFormat(ImageFormat.Kind.PNG, 16, 1);
    private static final ImageFormat PNG_8 = new ImageFormat(ImageFormat.Kind.PNG, 8, 1);

    /** Masked images, and images of half the contrast, of which nothing has to be known. */
    @TempDir
    static Path trained;

    private static Path masked;
    private static Path faint;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        masked = run("data.holdOut=40");
        faint = run("data.holdOut=10", "forward={type: linear, gain: 0.5, noise: 0.01}", "name=faint");
    }

    private static Path run(String... overrides) {
        List<String> command = new ArrayList<>(List.of(
                "run",
                Launcher.HOME.resolve("recipes/quickstart.yaml").toString(),
                "data.limit=100",
                "train.steps=12",
                "train.warmUp=6",
                "train.batch=16",
                "drift.channels=8",
                "evaluate={metrics: [observation-energy], draws: 2}"));
        command.addAll(List.of(overrides));
        Result run = Launcher.in(trained).run(command.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return trained.resolve(run.lastLine());
    }

    @Test
    void what_a_run_held_out_is_restored_bit_for_bit_once() throws IOException {
        Path out = folder.resolve("a b/out");
        String[] command = {
            "restore",
            masked.toString(),
            "--input",
            masked.resolve("held-out/y.npy").toString(),
            "--output",
            out.toString()
        };
        Result first = Launcher.in(folder).run(command);
        assertThat(first.err()).doesNotContain("warning");
        assertThat(first.code()).isZero();
        assertThat(first.out()).containsPattern("restored 40 of 40 observations in [0-9.]+ s, [0-9.]+ images/s\n");
        assertThat(first.lastLine()).isEqualTo(out.toString());
        assertThat(out.resolve("y.npy")).hasSameBinaryContentAs(masked.resolve("held-out/restored.npy"));
        assertThat(names(out)).containsExactly(".lock", "restored.jsonl", "y.npy");

        assertThat(palimpsest(command).out()).contains("all 40 observations were restored before");
        Result known = Launcher.in(folder)
                .run(
                        "restore",
                        faint.toString(),
                        "--input",
                        faint.resolve("held-out").toString(),
                        "--output",
                        "faint");
        assertThat(known.code()).isZero();
        assertThat(folder.resolve("faint/y.npy")).hasSameBinaryContentAs(faint.resolve("held-out/restored.npy"));
    }

    @Test
    void a_drift_that_is_borrowed_keeps_the_schedule_that_it_was_trained_on() {
        Path borrowed = run("data.holdOut=40", "schedule=trigonometric", "name=borrowed", "--drift", masked.toString());
        String y = borrowed.resolve("held-out/y.npy").toString();
        Result restored = Launcher.in(folder).run("restore", borrowed.toString(), "--input", y, "--output", "borrowed");
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(folder.resolve("borrowed/y.npy")).hasSameBinaryContentAs(borrowed.resolve("held-out/restored.npy"));
    }

    /** quickstart trains with a mix of .9, so that the mean needs Phi(y). */
    @Test
    void posterior_means_are_those_of_the_run_bit_for_bit_alone_and_beside_the_samples() throws IOException {
        String y = masked.resolve("held-out/y.npy").toString();
        Result mean = Launcher.in(folder)
                .run("restore", masked.toString(), "--input", y, "--output", "mean", "--estimate", "mean");
        assertThat(mean.code()).as(mean.err()).isZero();
        assertThat(mean.out()).containsPattern("restored 40 of 40 observations in [0-9.]+ s, [0-9.]+ images/s\n");
        assertThat(names(folder.resolve("mean"))).containsExactly(".lock", "restored.jsonl", "y.npy");
        assertThat(folder.resolve("mean/y.npy")).hasSameBinaryContentAs(masked.resolve("held-out/mean.npy"));
        assertThat(values(Npy.read(folder.resolve("mean/y.npy"))))
                .isNotEqualTo(values(Npy.read(masked.resolve("held-out/restored.npy"))));

        Result both = Launcher.in(folder)
                .run("restore", masked.toString(), "--input", y, "--output", "both", "--estimate", "both");
        assertThat(both.code()).as(both.err()).isZero();
        assertThat(names(folder.resolve("both")))
                .containsExactly(".lock", "posterior-mean/y.npy", "restored.jsonl", "sample/y.npy");
        assertThat(folder.resolve("both/sample/y.npy")).hasSameBinaryContentAs(masked.resolve("held-out/restored.npy"));
        assertThat(folder.resolve("both/posterior-mean/y.npy"))
                .hasSameBinaryContentAs(masked.resolve("held-out/mean.npy"));
        assertThat(palimpsest(
                                "restore",
                                masked.toString(),
                                "--input",
                                y,
                                "--output",
                                folder.resolve("both").toString(),
                                "--estimate",
                                "both")
                        .out())
                .contains("all 40 observations were restored before");
    }

    @Test
    void what_another_estimate_has_written_is_not_taken_for_ones_own() throws IOException {
        scans(2);
        assertThat(restore(masked, "in", "out", "--lost", "0").code()).isZero();
        for (String estimate : List.of("mean", "both")) {
            assertRefused(
                    restore(masked, "in", "out", "--lost", "0", "--estimate", estimate),
                    "out has results that were made otherwise (estimate, ",
                    "--again");
        }
        byte[] sample = Files.readAllBytes(folder.resolve("out/00.png"));
        assertThat(restore(masked, "in", "out", "--lost", "0", "--estimate", "sample")
                        .out())
                .contains("all 2 observations were restored before");
        assertThat(restore(masked, "in", "out", "--lost", "0", "--estimate", "mean", "--again")
                        .out())
                .contains("restored 2 of 2 observations");
        assertThat(folder.resolve("out/00.png").toFile()).isNotEmpty();
        assertThat(Files.readAllBytes(folder.resolve("out/00.png"))).isNotEqualTo(sample);
        assertRefused(
                restore(masked, "in", "out", "--lost", "0"), "out has results that were made otherwise (estimate, ");
    }

    /** Means come from the first draw, in the same block, and so are the same bits. */
    @Test
    void samples_are_drawn_several_times_and_the_posterior_mean_beside_them_is_one() throws IOException {
        scans(3);
        assertThat(restore(masked, "in", "alone", "--lost", "0", "--estimate", "mean")
                        .code())
                .isZero();
        assertThat(restore(masked, "in", "drawn", "--lost", "0", "--draws", "2").code())
                .isZero();
        Result both = restore(masked, "in", "out", "--lost", "0", "--estimate", "both", "--draws", "2");
        assertThat(both.out()).contains("restored 3 of 3 observations, 2 times each,");
        for (String name : names(folder.resolve("in"))) {
            assertThat(folder.resolve("out/posterior-mean/" + name))
                    .hasSameBinaryContentAs(folder.resolve("alone/" + name));
            for (String part : List.of("draw-1/", "draw-2/", "mean/", "deviation/")) {
                assertThat(folder.resolve("out/" + part + name))
                        .hasSameBinaryContentAs(folder.resolve("drawn/" + part + name));
            }
        }
        assertThat(names(folder.resolve("out"))).hasSize(2 + 5 * 3);
    }

    @Test
    void a_program_gets_both_estimates_and_each_alone() {
        Observations y = Observations.of(rows("y.npy", 12), rows("conditioning.npy", 12));
        try (Restorer restorer = Restorer.open(Launcher.HOME, masked)) {
            assertThat(restorer.noMean()).isEmpty();
            Restorer.Estimates both = restorer.both(y);
            assertThat(values(both.sample())).isEqualTo(values(restorer.restore(y)));
            assertThat(values(both.mean())).isEqualTo(values(restorer.mean(y)));
            assertThat(both.mean().shape()).isEqualTo(y.y().shape());
        }
    }

    @Test
    void estimates_that_make_no_sense_are_refused_before_anything_is_read_or_written() throws IOException {
        assertRefused(
                restore(masked, "away", "out", "--estimate", "median"),
                "--estimate: expected sample, mean or both, got \"median\"");
        assertRefused(
                restore(masked, "away", "out", "--estimate", "mean", "--draws", "2"),
                "--draws draws samples, of which --estimate mean has none: an observation has one posterior mean; leave"
                        + " out --draws, or say --estimate both");
        Path bridge = copyOfRun("bridge", 8);
        Path recipe = bridge.resolve("recipe.yaml");
        assertThat(Files.readString(recipe)).containsOnlyOnce("type: linear");
        Files.writeString(
                recipe, Files.readString(recipe).replace("type: linear", "type: brownian-bridge\n  gamma: 0.5"));
        for (String estimate : List.of("mean", "both")) {
            assertRefused(
                    restore(bridge, "away", "out", "--estimate", estimate),
                    "--estimate " + estimate + ": the posterior mean does not follow from a drift on the schedule ",
                    "whose gamma gamma' is -0.25 at t = 1 where 0 is needed; train with another schedule, such as linear");
        }
        assertThat(folder.resolve("out")).doesNotExist();
        scans(1);
        assertThat(restore(bridge, "in", "out", "--lost", "0").code()).isZero();
    }

    /** The very lines of the page on restoring, in a JVM of their own. */
    @Test
    void the_lines_of_the_page_that_use_it_as_a_library_restore_the_same() throws Exception {
        String page = Files.readString(Launcher.HOME.resolve("docs/restore.md"));
        String lines = page.substring(page.indexOf("## As a library"));
        lines = lines.substring(lines.indexOf("```java\n") + 8);
        lines = lines.substring(0, lines.indexOf("```"));
        String body = lines.substring(lines.indexOf("\n\n") + 2);
        assertThat(body.lines()).hasSize(5);
        assertThat(Files.readString(Launcher.HOME.resolve("README.md"))).contains("```java\n" + body + "```");
        Files.writeString(
                folder.resolve("Restore.java"),
                lines.replace(body, "public class Restore { public static void main(String[] none) {\n" + body + "}}\n")
                        .replace("\"palimpsest\"", "\"" + Launcher.HOME + "\""));
        copyOfRun("runs/quickstart/1", 8);
        Files.createDirectories(folder.resolve("scans"));
        for (String name : List.of("y.npy", "conditioning.npy")) {
            Files.copy(
                    masked.resolve("held-out").resolve(name),
                    folder.resolve("scans").resolve(name));
        }
        Path target = Launcher.HOME.resolve("runtime/target");
        Process java = Launcher.in(folder)
                .start(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java")
                                        .toString(),
                                "-cp",
                                target.resolve("palimpsest-runtime-0.1.0.jar")
                                        + File.pathSeparator
                                        + target.resolve("lib/*"),
                                "Restore.java"),
                        folder.resolve("out.txt"),
                        folder.resolve("err.txt"));
        assertThat(java.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue())
                .as(Files.readString(folder.resolve("err.txt")))
                .isZero();
        // the launcher restored it, which chooses other kernels
        assertClose(
                values(Npy.read(folder.resolve("restored.npy"))),
                values(Npy.read(masked.resolve("held-out/restored.npy"))),
                1e-4f);
    }

    /** Float32's rounding, 6e-8 of values up to 4, in some twenty layers and sixteen calls: 6e-7 was seen. */
    @Test
    void what_is_restored_beside_an_observation_does_not_change_it_but_by_rounding() {
        INDArray y = rows("y.npy", 12);
        INDArray masks = rows("conditioning.npy", 12);
        try (Restorer restorer = Restorer.open(Launcher.HOME, masked)) {
            float[] together = values(restorer.restore(Observations.of(y, masks)));
            for (int item = 0; item < 12; item++) {
                float[] alone = values(restorer.restore(Observations.of(
                        y.slice(item).reshape(1, 1, 32, 32), masks.slice(item).reshape(1, 1, 32, 32))));
                for (int i = 0; i < SIZE; i++) {
                    assertThat(alone[i]).isCloseTo(together[item * SIZE + i], within(4e-6f));
                }
            }
        }
    }

    /**
     * A 16-bit sample is 3.1e-5 wide, so that input and output are each rounded by 1.5e-5 at most; the flow stretches what comes in, at this half contrast by
     * about 2.
     */
    @Test
    void images_are_restored_under_their_names_and_in_their_formats() throws IOException {
        INDArray y = Npy.read(faint.resolve("held-out/y.npy"));
        float[] expected = values(Npy.read(faint.resolve("held-out/restored.npy")));
        List<String> names = List.of("a.png", "b/c.tif", "b/d.tiff", "b/e e/f.png", "g.jpg");
        List<ImageFormat> formats = List.of(
                PNG_16,
                new ImageFormat(ImageFormat.Kind.TIFF, 16, 1),
                new ImageFormat(ImageFormat.Kind.TIFF, 8, 1),
                PNG_8,
                new ImageFormat(ImageFormat.Kind.JPEG, 8, 1));
        for (int i = 0; i < names.size(); i++) {
            write("in/" + names.get(i), formats.get(i), values(y.slice(i)));
        }
        Result restored = restore(faint, "in", "out", "--draws", "3");
        assertThat(restored.err()).contains("warning: nothing is drawn in restoring");
        assertThat(restored.code()).isZero();
        assertThat(names(folder.resolve("out")))
                .containsExactly(".lock", "a.png", "b/c.tif", "b/d.tiff", "b/e e/f.png", "g.jpg", "restored.jsonl");
        for (int i = 0; i < names.size(); i++) {
            ImageFile image = ImageFile.read(folder.resolve("out").resolve(names.get(i)));
            assertThat(image.format()).isEqualTo(formats.get(i));
            if (formats.get(i).bits() == 16) {
                for (int j = 0; j < SIZE; j++) {
                    float clamped = Math.max(-1, Math.min(1, expected[i * SIZE + j]));
                    assertThat(image.planes().values()[j]).isCloseTo(clamped, within(1e-4f));
                }
            }
        }
        assertThat(restore(faint, "in/b/c.tif", "one").code()).isZero();
        assertClose(pixels("one/c.tif"), pixels("out/b/c.tif"), 6.2e-5f);
    }

    @Test
    void masks_come_as_images_or_rows_or_from_marks_and_give_the_same() throws IOException {
        scans(6);
        assertThat(restore(
                                masked,
                                "in",
                                "images",
                                "--conditioning",
                                folder.resolve("masks").toString())
                        .code())
                .isZero();
        assertThat(restore(masked, "in", "marks", "--lost", "0").code()).isZero();
        // in the order of the paths: those in the folder b come last
        Npy.write(
                folder.resolve("rows.npy"),
                Nd4j.pullRows(rows("conditioning.npy", 6).reshape(6, SIZE), 1, new int[] {0, 2, 4, 1, 3, 5})
                        .reshape(6, 1, 32, 32));
        assertThat(restore(
                                masked,
                                "in",
                                "rows",
                                "--conditioning",
                                folder.resolve("rows.npy").toString())
                        .code())
                .isZero();
        for (String name : names(folder.resolve("in"))) {
            assertThat(folder.resolve("marks/" + name)).hasSameBinaryContentAs(folder.resolve("images/" + name));
            assertThat(folder.resolve("rows/" + name)).hasSameBinaryContentAs(folder.resolve("images/" + name));
        }
        INDArray y = rows("y.npy", 6);
        INDArray masks = rows("conditioning.npy", 6);
        float[] marked = values(y);
        float[] mask = values(masks);
        for (int i = 0; i < marked.length; i++) {
            marked[i] = mask[i] == 0 ? Float.NaN : marked[i];
        }
        Npy.write(
                folder.resolve("array/marked.npy"), Nd4j.createFromArray(marked).reshape(6, 1, 32, 32));
        Result refused = restore(masked, "array/marked.npy", "nan");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(restore(masked, "array/marked.npy", "nan", "--lost", "nan").code())
                .isZero();
        assertThat(Npy.read(folder.resolve("nan/marked.npy")).shape()).containsExactly(6, 1, 32, 32);
    }

    /** Rounding to samples, of the draws and of what is made of them: one of 65535 is 3.1e-5. */
    @Test
    void draws_differ_by_what_fills_lost_pixels_and_their_mean_and_deviation_stand_beside_them() throws IOException {
        scans(3);
        String masks = folder.resolve("masks").toString();
        assertThat(restore(masked, "in", "plain", "--conditioning", masks).code())
                .isZero();
        Result drawn = restore(masked, "in", "drawn", "--conditioning", masks, "--draws", "3");
        assertThat(drawn.out()).contains("restored 3 of 3 observations, 3 times each,");
        for (String name : names(folder.resolve("in"))) {
            assertThat(folder.resolve("drawn/draw-1/" + name)).hasSameBinaryContentAs(folder.resolve("plain/" + name));
            float[] one = pixels("drawn/draw-1/" + name);
            float[] two = pixels("drawn/draw-2/" + name);
            float[] three = pixels("drawn/draw-3/" + name);
            float[] mean = pixels("drawn/mean/" + name);
            float[] deviation = pixels("drawn/deviation/" + name);
            assertThat(two).isNotEqualTo(one);
            int compared = 0;
            for (int i = 0; i < SIZE; i++) {
                if (Stream.of(one[i], two[i], three[i]).allMatch(x -> Math.abs(x) < 1)) {
                    double m = (one[i] + two[i] + three[i]) / 3;
                    double squares = Math.pow(one[i] - m, 2) + Math.pow(two[i] - m, 2) + Math.pow(three[i] - m, 2);
                    assertThat((double) mean[i]).isCloseTo(m, within(6e-5));
                    assertThat(Math.min(1, (deviation[i] + 1) / 2.))
                            .isCloseTo(Math.min(1, Math.sqrt(squares / 2)), within(6e-5));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThan(SIZE / 10);
        }
        Result array = palimpsest(
                "restore",
                masked.toString(),
                "--input",
                masked.resolve("held-out/y.npy").toString(),
                "--output",
                folder.resolve("array").toString(),
                "--draws",
                "2");
        assertThat(array.code()).isZero();
        assertThat(names(folder.resolve("array")))
                .containsExactly(
                        ".lock", "deviation/y.npy", "draw-1/y.npy", "draw-2/y.npy", "mean/y.npy", "restored.jsonl");
        // the launcher restored it, which chooses other kernels
        assertClose(
                values(Npy.read(folder.resolve("array/draw-1/y.npy"))),
                values(Npy.read(masked.resolve("held-out/restored.npy"))),
                1e-4f);
    }

    /** The launcher restored what the run held out, which chooses other kernels. */
    @Test
    void observations_and_their_conditioning_in_one_npz_file_are_restored_into_one_of_its_name() throws IOException {
        SortedMap<String, INDArray> arrays = new TreeMap<>();
        arrays.put("y", rows("y.npy", 5));
        arrays.put("conditioning", rows("conditioning.npy", 5));
        new ArrayArchive(arrays, "").write(folder.resolve("in/scans.npz"));
        assertThat(restore(masked, "in/scans.npz", "out").code()).isZero();
        assertThat(names(folder.resolve("out"))).containsExactly(".lock", "restored.jsonl", "scans.npz");
        ArrayPlace restored = ArrayPlace.of(folder.resolve("out/scans.npz"), "any");
        assertThat(restored.array()).hasValue("y");
        try (NpyFile array = restored.open(folder)) {
            float[] x = values(array.rows(new int[] {0, 1, 2, 3, 4}));
            assertClose(x, values(rows("restored.npy", 5)), 1e-4f);
        }
        assertThat(restore(masked, "in/scans.npz", "out").out()).contains("all 5 observations were restored before");

        Files.move(folder.resolve("in/scans.npz"), folder.resolve("in/y.npz"));
        assertThat(restore(masked, "in", "folder", "--draws", "2").code()).isZero();
        assertThat(folder.resolve("folder/draw-1/y.npz")).hasSameBinaryContentAs(folder.resolve("out/scans.npz"));
        arrays.remove("conditioning");
        new ArrayArchive(arrays, "").write(folder.resolve("alone.npz"));
        assertRefused(restore(masked, "alone.npz", "alone"), "give [5, 1, 32, 32] with --conditioning FILE.npy");
        arrays.put("more", rows("conditioning.npy", 1));
        arrays.put("images", arrays.remove("y"));
        new ArrayArchive(arrays, "").write(folder.resolve("other.npz"));
        assertRefused(
                restore(masked, "other.npz", "other", "--lost", "nan"),
                "other.npz: expected an array y, got images, more");
    }

    @Test
    void only_what_is_missing_or_has_changed_is_restored_again_and_other_settings_are_not_mixed() throws IOException {
        scans(5);
        assertThat(restore(masked, "in", "out", "--lost", "0").code()).isZero();
        List<String> names = names(folder.resolve("in"));
        float[] before = pixels("out/" + names.get(0));
        Files.delete(folder.resolve("out/" + names.get(0)));
        Files.copy(folder.resolve("in/" + names.get(1)), folder.resolve("in/new.png"));
        write("in/" + names.get(2), PNG_16, pixels("in/" + names.get(3)));
        Files.writeString(
                folder.resolve("out/restored.jsonl"),
                Files.readString(folder.resolve("out/restored.jsonl")).stripTrailing() + "\n{\"file\": \"cut o");
        Result again = restore(masked, "in", "out", "--lost", "0");
        assertThat(again.out()).contains("restored 3 of 6 observations").contains("the others were restored before");
        // among fewer others: what float32 rounds may take a value to the next sample of 65535
        assertClose(pixels("out/" + names.get(0)), before, 6.2e-5f);
        assertThat(restore(masked, "in", "out", "--lost", "0").out())
                .contains("all 6 observations were restored before");

        Result mixed = restore(masked, "in", "out", "--lost", "0", "--draws", "2");
        assertThat(mixed.code()).isEqualTo(2);
        assertThat(mixed.err()).contains("out has results that were made otherwise (draws changed since)", "--again");
        Path other = copyOfRun("run", 4);
        assertThat(restore(other, "in", "out", "--lost", "0").err()).contains("made otherwise (solver changed since)");
        assertThat(restore(other, "in", "out", "--lost", "0", "--again").out())
                .contains("restored 6 of 6 observations");
    }

    /** By SIGKILL in the middle of the first files, then by SIGTERM, which is handled as Ctrl-C is. */
    @Test
    void killed_and_interrupted_calls_leave_whole_files_and_the_last_one_the_bits_of_an_uninterrupted_one()
            throws Exception {
        scans(40);
        for (int i = 0; i < 11; i++) {
            for (Path image : ImageFile.under(folder.resolve("in"))) {
                String name = image.getFileName().toString();
                if (name.length() == "00.png".length()) {
                    Files.copy(image, image.resolveSibling(i + name));
                }
            }
        }
        Path quick = copyOfRun("run", 2);
        Process killed = started(quick, "out");
        waitFor(folder.resolve("out/00.png"), killed);
        killed.destroyForcibly().waitFor();
        Process interrupted = started(quick, "out");
        waitFor(folder.resolve("out/b/01.png"), interrupted);
        new ProcessBuilder("kill", "-TERM", Long.toString(interrupted.pid()))
                .start()
                .waitFor();
        assertThat(interrupted.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted.exitValue()).isEqualTo(130);
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("interrupted; restored ", "goes on from there");
        for (String name : names(folder.resolve("out"))) {
            if (name.matches("[^.]*\\.png")) {
                assertThat(pixels("out/" + name)).hasSize(SIZE);
            }
        }
        assertThat(started(quick, "out").waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("out.txt"))).contains("the others were restored before");
        assertThat(started(quick, "once").waitFor()).isZero();
        for (String name : names(folder.resolve("in"))) {
            assertThat(folder.resolve("out/" + name)).hasSameBinaryContentAs(folder.resolve("once/" + name));
        }
    }

    @Test
    void a_stopped_call_says_of_images_that_it_goes_on_and_of_an_array_that_it_begins_anew() {
        scans(2);
        Progress stopped = new Progress() {
            @Override
            public boolean stopped() {
                return true;
            }
        };
        try (Restorer restorer = Restorer.open(Launcher.HOME, masked)) {
            for (String input : List.of(
                    folder.resolve("in").toString(),
                    masked.resolve("held-out/y.npy").toString())) {
                boolean array = input.endsWith(".npy");
                Request request = new Request(
                        Path.of(input),
                        folder.resolve(array ? "array" : "images"),
                        Optional.empty(),
                        Optional.of(LostMark.of(array ? "nan" : "0")),
                        1,
                        false);
                assertThat(new FileRestoration(restorer, request, stopped).run())
                        .asString()
                        .startsWith("restored 0 of ")
                        .endsWith("; the same command " + (array ? "begins anew" : "goes on from there"));
            }
        }
    }

    private Process started(Path run, String output) throws IOException {
        Launcher launcher = Launcher.in(folder);
        return launcher.start(
                List.of(
                        launcher.script().toString(),
                        "restore",
                        run.toString(),
                        "--input",
                        "in",
                        "--output",
                        output,
                        "--lost",
                        "0"),
                folder.resolve("out.txt"),
                folder.resolve("err.txt"));
    }

    private static void waitFor(Path file, Process process) throws InterruptedException {
        while (process.isAlive() && !Files.exists(file)) {
            Thread.sleep(20);
        }
    }

    @Test
    void what_cannot_be_restored_is_said_in_one_sentence() throws IOException {
        scans(2);
        assertRefused(
                restore(masked, "in", "out"),
                "give [2, 1, 32, 32] with --conditioning FILE.npy or as ",
                "--lost VALUE");
        Npy.write(folder.resolve("three.npy"), Nd4j.ones(3, 1, 32, 32));
        assertRefused(
                restore(
                        masked,
                        "in",
                        "out",
                        "--conditioning",
                        folder.resolve("three.npy").toString()),
                "three.npy: expected conditioning [2, 1, 32, 32]",
                "got [3, 1, 32, 32]");
        assertRefused(
                restore(
                        masked,
                        "in",
                        "out",
                        "--conditioning",
                        folder.resolve("in/b").toString()),
                "expected 00.png, the conditioning of the observation of that name");
        assertRefused(restore(masked, "in", "out", "--lost", "300000"), "a whole number from 0 to 65535, got 300000.0");
        assertRefused(
                restore(masked, "in", "out", "--lost", "transparent"), "00.png: expected an image with transparency");
        assertRefused(
                restore(masked, "in", "out", "--lost", "black"),
                "--lost: expected a number, nan or transparent, got \"black\"");
        assertRefused(
                restore(faint, "in", "out", "--lost", "0"),
                "is told nothing of the observations' corruption; leave out --lost");
        assertRefused(restore(masked, "in", "in/out", "--lost", "0"), "expected an --output apart from the --input");
        assertRefused(restore(masked, "away", "out"), "away: expected an image, a .npy or .npz file, or a folder");
        Npy.write(folder.resolve("y.npy"), Nd4j.ones(3, 1, 28, 28));
        assertRefused(
                restore(masked, "y.npy", "out", "--lost", "0"),
                "y.npy: expected observations of shape [1, 32, 32] each",
                "got an array [3, 1, 28, 28]");
        Npy.write(folder.resolve("y.npy"), Nd4j.ones(2, 1, 32, 32).putScalar(1500, Float.NaN));
        assertRefused(restore(faint, "y.npy", "out2"), "y.npy: expected finite values, but row 1 has NaN");
        write("in/small.png", PNG_8, new float[16 * 64], 16, 64);
        assertRefused(
                restore(masked, "in", "out", "--lost", "0"),
                "small.png: expected an image of 1 channel, 32 wide and 32 high",
                "got 1 channel, 64 wide and 16 high; nothing is resized");
        Result noRun = restore(folder, "in", "out");
        assertThat(noRun.code()).isEqualTo(1);
        assertThat(noRun.err()).contains("is not a run folder");
    }

    @Test
    void a_mask_that_is_none_is_bad_data_and_told_with_its_file() throws IOException {
        scans(2);
        float[] mask = pixels("masks/b/01.png");
        Arrays.fill(mask, 0, 10, 0);
        write("masks/b/01.png", PNG_8, mask);
        assertRefused(
                restore(
                        masked,
                        "in",
                        "out",
                        "--conditioning",
                        folder.resolve("masks").toString()),
                folder.resolve("masks/b/01.png") + ": forward model \"random-mask\"",
                "expected 1 where a pixel is seen and 0 where it is lost, got 0.50");
    }

    @Test
    void a_mask_that_is_none_is_bad_data_for_a_run_too() {
        Npy.write(folder.resolve("scans/y.npy"), rows("y.npy", 30));
        Npy.write(
                folder.resolve("scans/conditioning.npy"),
                rows("conditioning.npy", 30).muli(.5));
        assertRefused(
                palimpsest(
                        "run",
                        Launcher.HOME.resolve("recipes/quickstart.yaml").toString(),
                        "--runs",
                        folder.resolve("runs").toString(),
                        "data={type: observations, path: " + folder.resolve("scans") + ", holdOut: 10}",
                        "train.steps=2",
                        "train.warmUp=2",
                        "train.batch=4",
                        "evaluate={metrics: [observation-energy], draws: 2}"),
                folder.resolve("scans/conditioning.npy") + ": forward model \"random-mask\"",
                "expected 1 where a pixel is seen and 0 where it is lost, got 0.5");
    }

    @Test
    void while_one_call_restores_into_a_folder_another_is_refused() throws IOException {
        scans(1);
        Path out = Files.createDirectories(folder.resolve("out"));
        FolderLock.whileHeld(out, "nobody holds it yet", () -> {
            Result refused = restore(masked, "in", "out", "--lost", "0");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("another process is restoring into " + out + "; wait for its end, or name another");
        });
        assertThat(names(out)).containsExactly(".lock");
        assertThat(restore(masked, "in", "out", "--lost", "0").code()).isZero();
    }

    @Test
    void a_jar_that_is_not_the_runs_is_warned_of() throws IOException {
        scans(1);
        Path other = copyOfRun("run", 8);
        Path lock = other.resolve("plugins.lock");
        Files.writeString(
                lock,
                Files.readString(lock)
                        .lines()
                        .map(line -> line.contains("unet") ? "0".repeat(64) + line.substring(64) : line)
                        .collect(Collectors.joining("\n")));
        Result restored = restore(other, "in", "out", "--lost", "0");
        assertThat(restored.code()).isZero();
        assertThat(restored.err().lines().filter(line -> line.startsWith("warning: ")))
                .singleElement()
                .asString()
                .contains("unet", "is not the JAR that the run used");
    }

    private static void assertClose(float[] values, float[] expected, float tolerance) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("value %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static void assertRefused(Result result, String... parts) {
        assertThat(result.err()).contains(parts).doesNotContain("\tat ");
        assertThat(result.code()).isEqualTo(2);
    }

    /** The first held-out observations as 16-bit images, in folders in turn, black where lost, and their masks. */
    private void scans(int count) {
        float[] y = values(rows("y.npy", count));
        float[] masks = values(rows("conditioning.npy", count));
        for (int i = 0; i < count; i++) {
            String name = (i % 2 == 1 ? "b/" : "") + String.format("%02d.png", i);
            float[] image = new float[SIZE];
            float[] mask = new float[SIZE];
            for (int j = 0; j < SIZE; j++) {
                boolean seen = masks[i * SIZE + j] == 1;
                // nothing that is seen is wholly black, as what is lost is
                image[j] = seen ? Math.max(-.99f, y[i * SIZE + j]) : -1;
                mask[j] = seen ? 1 : -1;
            }
            write("in/" + name, PNG_16, image);
            write("masks/" + name, PNG_8, mask);
        }
    }

    /** What restoring needs of the run of masked images, with another number of steps in restoring. */
    private Path copyOfRun(String name, int steps) throws IOException {
        Path copy = folder.resolve(name);
        Files.createDirectories(copy.resolve("checkpoints"));
        for (String file : List.of(
                "recipe.yaml",
                "plugins.lock",
                "signature.json",
                "guess.json",
                "summary.json",
                "checkpoints/result.npy")) {
            Files.copy(masked.resolve(file), copy.resolve(file));
        }
        String recipe = Files.readString(copy.resolve("recipe.yaml"));
        assertThat(recipe).containsOnlyOnce("steps: 8");
        Files.writeString(copy.resolve("recipe.yaml"), recipe.replace("steps: 8", "steps: " + steps));
        return copy;
    }

    private static INDArray rows(String array, int count) {
        INDArray all = Npy.read(masked.resolve("held-out").resolve(array));
        float[] values = Arrays.copyOf(values(all), count * SIZE);
        return Nd4j.createFromArray(values).reshape(count, 1, 32, 32);
    }

    private static float[] values(INDArray x) {
        return x.dup('c').data().asFloat();
    }

    private float[] pixels(String image) {
        return ImageFile.read(folder.resolve(image)).planes().values();
    }

    private void write(String name, ImageFormat format, float[] values) {
        write(name, format, values, 32, 32);
    }

    private void write(String name, ImageFormat format, float[] values, int height, int width) {
        ImageFile.write(folder.resolve(name), format, new Planes(1, height, width, values));
    }

    /** All files in a folder and those inside. */
    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private Result restore(Path run, String input, String output, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "restore",
                run.toString(),
                "--input",
                folder.resolve(input).toString(),
                "--output",
                folder.resolve(output).toString()));
        command.addAll(List.of(more));
        return palimpsest(command.toArray(String[]::new));
    }

    /** The command line in this JVM. */
    private static Result palimpsest(String... command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new CommandLineInterface(new Session(
                        Launcher.HOME,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false))
                .run(command);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
