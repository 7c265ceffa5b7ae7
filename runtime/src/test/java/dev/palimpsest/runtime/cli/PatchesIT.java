package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.Planes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images at their own size: trained on in windows, restored whole. */
class PatchesIT {
    private static final String RECIPE = """
            name: scans
            seed: 3
            data: {type: %s, patch: [16, 16], holdOut: 2}
            forward: {type: %s}
            drift: {type: unet, channels: 4, multipliers: [1, 2], blocks: 1, attention: []}
            solver: {type: midpoint, steps: 2}
            train: {steps: 6, batch: 8, solver: {type: midpoint, steps: 1}}
            evaluate: {metrics: [psnr, observation-energy]}
            """;

    /** A forward model in which each value becomes the mean of it and the one three before. */
    private static final String ECHOES = """
            import java.io.*;
            import java.nio.*;
            public class Echoes {
                public static void main(String[] arguments) throws IOException {
                    DataInputStream in = new DataInputStream(System.in);
                    System.out.print("palimpsest 1 echoes conditioning=none\\n");
                    System.out.flush();
                    for (int first = in.read(); first >= 0; first = in.read()) {
                        StringBuilder line = new StringBuilder();
                        for (int next = first; next != '\\n'; next = in.read()) {
                            line.append((char) next);
                        }
                        byte[] preamble = in.readNBytes(10);
                        byte[] header = in.readNBytes(ByteBuffer.wrap(preamble).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
                        int count = 1;
                        for (String size : new String(header).replaceFirst("(?s).*\\\\((.*)\\\\).*", "$1").split(",")) {
                            count *= size.isBlank() ? 1 : Integer.parseInt(size.strip());
                        }
                        ByteBuffer x = ByteBuffer.wrap(in.readNBytes(4 * count)).order(ByteOrder.LITTLE_ENDIAN);
                        for (int i = count - 1; i >= 3; i--) {
                            x.putFloat(4 * i, (x.getFloat(4 * i) + x.getFloat(4 * i - 12)) / 2);
                        }
                        System.out.print("frame " + line.toString().split(" ")[1] + "\\n");
                        System.out.write(preamble);
                        System.out.write(header);
                        System.out.write(x.array());
                        System.out.flush();
                    }
                }
            }
            """;

    private static final String BLUR = "gaussian-blur, sigma: 1, noise: .1";

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void start() {
        launcher = Launcher.brief(folder);
    }

    /** Steps of brightness, a pixel of which is white. */
    private void image(String name, int height, int width, int bits) throws IOException {
        Random rng = new Random(name.hashCode());
        float[] values = new float[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.max(-1, Math.min(1, (i / width / 7 % 3 - 1) * .6 + .1 * rng.nextGaussian()));
        }
        ImageFile.write(
                folder.resolve(name),
                new ImageFormat(ImageFormat.Kind.PNG, bits, 1),
                new Planes(1, height, width, values));
    }

    private Path run(String data, String forward, String... more) throws IOException {
        launcher.write("scans.yaml", RECIPE.formatted(data, forward));
        String[] command = new String[2 + more.length];
        command[0] = "run";
        command[1] = "scans.yaml";
        System.arraycopy(more, 0, command, 2, more.length);
        Launcher.Result result = launcher.run(command);
        assertThat(result.code()).as(result.err()).isZero();
        return folder.resolve(result.lastLine());
    }

    @Test
    void images_of_five_sizes_are_trained_on_and_restored_whole_and_one_that_is_too_small_is_named()
            throws IOException {
        image("scans/a.png", 40, 30, 8);
        image("scans/b.png", 24, 50, 8);
        image("scans/c.png", 33, 33, 16);
        image("scans/d.png", 64, 24, 8);
        image("scans/small.png", 15, 80, 8);
        launcher.write("scans.yaml", RECIPE.formatted("observations, path: scans", BLUR));
        Launcher.Result result = launcher.run("run", "scans.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("1 image is left out, smaller than a patch, 16 wide and 16 high: ")
                .contains("scans/small.png\n")
                .contains("restoring 2 held-out images");
        Path run = folder.resolve(result.lastLine());
        Path images = run.resolve("held-out/images");
        for (Path image : Files.list(images).toList()) {
            INDArray y = Npy.read(image.resolve("y.npy"));
            assertThat(Npy.read(image.resolve("restored.npy")).shape()).isEqualTo(y.shape());
            assertThat(Npy.read(image.resolve("mean.npy")).shape()).isEqualTo(y.shape());
        }
        assertThat(Files.list(images)).hasSize(2);
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("The held-out image", "whole and scaled down; parts at full size stand below");

        image("new/e.png", 70, 45, 16);
        image("new/f.png", 16, 16, 8);
        Launcher.Result restored =
                launcher.run("restore", run.toString(), "--input", "new", "--output", "restored", "--estimate", "both");
        assertThat(restored.code()).as(restored.err()).isZero();
        ImageFile e = ImageFile.read(folder.resolve("restored/posterior-mean/e.png"));
        assertThat(e.planes().height()).isEqualTo(70);
        assertThat(e.planes().width()).isEqualTo(45);
        assertThat(e.format().bits()).isEqualTo(16);
        assertThat(ImageFile.read(folder.resolve("restored/sample/f.png"))
                        .planes()
                        .width())
                .isEqualTo(16);

        image("small/g.png", 15, 30, 8);
        Launcher.Result refused =
                launcher.run("restore", run.toString(), "--input", "small", "--output", "restored-small");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("expected an image of 1 channel, 16 wide and 16 high, or larger, as the run was trained on");
    }

    /** As if it had not been killed: the state of the training, and the windows, are those of the run that was left alone. */
    @Test
    void a_training_on_patches_that_is_killed_goes_on_bit_for_bit() throws Exception {
        image("scans/a.png", 40, 30, 8);
        image("scans/b.png", 24, 50, 8);
        image("scans/c.png", 33, 33, 8);
        String[] more = {"train.steps=60", "train.saveEvery=0"};
        Path whole = run("observations, path: scans", BLUR, more);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process =
                launcher.start(List.of(launcher.script().toString(), "run", "scans.yaml", more[0], more[1]), out, err);
        Path killed = folder.resolve("runs/scans/2");
        while (process.isAlive() && states(killed) < 2) {
            Thread.sleep(10);
        }
        process.destroyForcibly().waitFor();
        assertThat(killed.resolve("summary.json")).doesNotExist();
        Launcher.Result resumed = launcher.run("resume", killed.toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on after step");
        for (String file : List.of("checkpoints/result.npy", "held-out/restored.npy", "held-out/mean.npy")) {
            assertThat(Files.mismatch(whole.resolve(file), killed.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    private static long states(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.exists(checkpoints)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.filter(file -> file.getFileName().toString().matches("state-\\d+\\.npz"))
                    .count();
        }
    }

    /** The first file is there, and the second, which takes some seconds, has been begun, when the process is killed. */
    @Test
    void a_restoration_that_is_killed_in_the_middle_of_an_image_leaves_no_half_file_and_goes_on_bit_for_bit()
            throws Exception {
        image("scans/a.png", 40, 30, 8);
        image("scans/b.png", 24, 50, 8);
        image("scans/c.png", 33, 33, 8);
        Path run = run("observations, path: scans", BLUR);
        image("new/a.png", 40, 40, 16);
        image("new/b.png", 360, 360, 16);
        List<String> command =
                List.of(launcher.script().toString(), "restore", run.toString(), "--input", "new", "--output");
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = launcher.start(with(command, "restored"), out, err);
        while (process.isAlive() && !Files.exists(folder.resolve("restored/a.png"))) {
            Thread.sleep(20);
        }
        Thread.sleep(300);
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly().waitFor();
        assertThat(folder.resolve("restored/b.png")).doesNotExist();
        assertThat(launcher.start(with(command, "restored"), out, err).waitFor())
                .as(Files.readString(err))
                .isZero();
        assertThat(launcher.start(with(command, "once"), out, err).waitFor()).isZero();
        for (String name : List.of("a.png", "b.png")) {
            assertThat(folder.resolve("restored/" + name)).hasSameBinaryContentAs(folder.resolve("once/" + name));
        }
    }

    private static List<String> with(List<String> command, String more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    /** What a run held out is an image of its folder, which restore reads again. */
    @Test
    void a_file_is_restored_as_the_run_restored_it() throws IOException {
        image("scans/a.png", 40, 30, 8);
        image("scans/b.png", 40, 30, 8);
        image("scans/c.png", 40, 30, 8);
        Path run = run("observations, path: scans", BLUR);
        Launcher.Result restored = launcher.run("restore", run.toString(), "--input", "scans", "--output", "restored");
        assertThat(restored.code()).as(restored.err()).isZero();
        for (Path image : Files.list(run.resolve("held-out/images")).toList()) {
            float[] expected = Npy.read(image.resolve("restored.npy")).ravel().toFloatVector();
            float[] came = ImageFile.read(folder.resolve("restored").resolve(image.getFileName()))
                    .planes()
                    .values();
            for (int i = 0; i < came.length; i++) {
                assertThat(came[i]).isBetween(clipped(expected[i]) - 1.01f / 255, clipped(expected[i]) + 1.01f / 255);
            }
        }
    }

    private static float clipped(float value) {
        return Math.max(-1, Math.min(1, value));
    }

    @Test
    void of_a_single_image_a_part_is_held_out() throws IOException {
        image("scans/only.png", 128, 40, 8);
        Path run = run("images, path: scans", "gaussian-noise, sigma: .2");
        INDArray clean = Npy.read(run.resolve("held-out/images/only.png/clean.npy"));
        assertThat(clean.shape()).containsExactly(1, 1, 32, 40);
        float[] file = ImageFile.read(folder.resolve("scans/only.png")).planes().values();
        assertThat(clean.getFloat(0, 0, 0, 0)).isEqualTo(file[96 * 40]);
    }

    @Test
    void masks_are_cut_with_their_images_and_augmented_with_them() throws IOException {
        Path run = run(
                "dead-leaves, size: [48, 40], count: 4, augment: true", "random-mask, probability: .5, noise: .001");
        assertThat(Npy.read(run.resolve("held-out/conditioning.npy")).shape()).containsExactly(12, 1, 16, 16);
    }

    @Test
    void how_far_a_program_reaches_is_found_by_calling_it() throws IOException {
        image("scans/a.png", 40, 30, 8);
        image("scans/b.png", 40, 30, 8);
        image("scans/c.png", 40, 30, 8);
        launcher.write("Echoes.java", ECHOES);
        launcher.write(
                "scans.yaml",
                RECIPE.formatted("observations, path: scans", "external-process, command: [java, Echoes.java]"));
        Launcher.Result run = launcher.run(
                "run",
                "scans.yaml",
                "--plugins",
                Launcher.HOME.resolve("plugins-contrib").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("the forward model reaches 3 pixels far: patches have a margin of 3 pixels");
    }

    @Test
    void patches_begin_where_the_blocks_of_a_forward_model_do() throws IOException {
        launcher.write(
                "scans.yaml",
                RECIPE.formatted("dead-leaves, size: [48, 64], count: 4", "downsample, factor: 4, noise: .01"));
        Launcher.Result run = launcher.run("run", "scans.yaml");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("the forward model reaches 3 pixels far, and works on blocks of 4 x 4 pixels: patches have a"
                        + " margin of 4 pixels, and begin at multiples of 4");
        JsonObject summary = JsonParser.parseString(
                        Files.readString(folder.resolve(run.lastLine()).resolve("summary.json")))
                .getAsJsonObject();
        Launcher.Result bench = launcher.run("bench", "scans.yaml");
        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(JsonParser.parseString(bench.lastLine())
                        .getAsJsonObject()
                        .get("callsPerItem")
                        .getAsDouble())
                .isCloseTo(summary.get("evaluationsPerItem").getAsDouble(), within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dead-leaves, size: [64, 64], count: 4|tomography|the forward model reaches across the whole image",
                "dead-leaves, size: [64, 64], count: 4|gaussian-blur, sigma: 4|the forward model reaches 12 pixels far",
                "dead-leaves, size: [64, 64], count: 4|block-mask|changes a patch by",
                "dead-leaves, size: [12, 64], count: 4|gaussian-noise, sigma: .1|expected images in which a patch fits",
                "dead-leaves, size: [96, 96], count: 4|downsample, factor: 6|multiples of 6",
                "two-moons, count: 100|gaussian-noise, sigma: .1|unknown key",
                "dead-leaves, size: [64, 64], count: 4, margin: 30|gaussian-noise, sigma: .1|no image to train on has room",
            })
    void what_cannot_be_learned_from_patches_is_refused_in_one_sentence_before_anything_is_trained(
            String data, String forward, String reason) {
        launcher.write("scans.yaml", RECIPE.formatted(data, forward));
        Launcher.Result result = launcher.run("run", "scans.yaml");
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(reason).doesNotContain("Exception").doesNotContain("training");
        assertThat(folder.resolve("runs/scans/1")).doesNotExist();
    }
}
