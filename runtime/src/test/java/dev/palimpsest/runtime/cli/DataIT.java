package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.Planes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class DataIT {
    private static final String RECIPE = """
            name: small
            data: {type: %s, holdOut: 4}
            forward: {type: gaussian-noise, sigma: 0.5}
            drift: {type: mlp, widths: [8]}
            train: {steps: 3, batch: 8}
            evaluate: {metrics: [observation-energy]}
            """;

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void start() {
        launcher = Launcher.brief(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "'npy, path: bad',the file is empty",
        "'npz, path: bad',expected a .npz file",
        "'idx, path: bad',cut off",
        "'cifar, path: bad',expected one or more images",
        "'images, path: .',bad.png",
        "'observations, path: bad',expected observations as a folder",
    })
    void a_malformed_file_ends_a_run_with_one_line_and_2_and_no_folder(String source, String reason)
            throws IOException {
        Files.write(folder.resolve("bad"), new byte[0]);
        Files.write(folder.resolve("bad.png"), new byte[0]);
        launcher.write("small.yaml", RECIPE.formatted(source));
        Launcher.Result result = launcher.run("run", "small.yaml");
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).doesNotContain("Exception");
        assertThat(result.err().lines().filter(line -> line.contains("bad")))
                .singleElement()
                .asString()
                .contains(reason);
        assertThat(folder.resolve("runs/small/1")).doesNotExist();
    }

    @Test
    void a_folder_of_images_of_several_sizes_is_trained_on() throws IOException {
        for (int n = 0; n < 24; n++) {
            int size = 6 + n % 3;
            float[] values = new float[size * size];
            values[n] = 1;
            ImageFile.write(
                    folder.resolve("scans/" + n % 2 + "/" + n + (n % 5 == 0 ? ".tif" : ".png")),
                    new ImageFormat(n % 5 == 0 ? ImageFormat.Kind.TIFF : ImageFormat.Kind.PNG, 8 + n % 2 * 8, 1),
                    new Planes(1, size, size, values));
        }
        launcher.write("small.yaml", RECIPE.formatted("observations, path: scans, crop: [4, 4]"));
        Launcher.Result result = launcher.run("run", "small.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Npy.read(Path.of(folder.resolve(result.lastLine()) + "/held-out/y.npy"))
                        .shape())
                .containsExactly(4, 1, 4, 4);
    }

    @Test
    void a_limit_reads_no_more_than_it_takes_and_observations_stay_where_they_are() throws IOException {
        Npy.write(folder.resolve("y.npy"), Nd4j.arange(200).reshape(100, 2).divi(100));
        launcher.write("small.yaml", RECIPE.formatted("observations, path: y.npy, limit: 20"));
        Launcher.Result result = launcher.run("run", "small.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("looking through 20 observations");
        assertThat(folder.resolve("y.npy")).exists();
    }

    @Test
    void data_lists_what_it_knows_and_where_it_is_kept() {
        Launcher.Result result = launcher.shell("PALIMPSEST_DATA=kept \"$palimpsest\" data");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("fashion-mnist", "mnist", "cifar10", "MIT licence")
                .contains("they are kept in kept");
    }

    @Test
    void a_file_that_is_not_the_published_one_is_refused_with_2_and_leaves_nothing() throws IOException {
        Files.write(folder.resolve("cifar.tar.gz"), new byte[1000]);
        Launcher.Result result =
                launcher.shell("PALIMPSEST_DATA=kept \"$palimpsest\" data cifar10 --from cifar.tar.gz");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "cifar.tar.gz: expected the 170052171 bytes of cifar-10-binary.tar.gz, got 1000; it is cut off");
        try (Stream<Path> left = Files.walk(folder.resolve("kept"))) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .isEmpty();
        }
        assertThat(launcher.run("data", "imagenet").code()).isEqualTo(2);
    }

    @Test
    void a_source_without_a_path_says_how_to_fetch_it() {
        launcher.write("small.yaml", RECIPE.formatted("mnist"));
        Launcher.Result result = launcher.shell("PALIMPSEST_DATA=kept \"$palimpsest\" check small.yaml");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("mnist: expected it in kept/mnist, where palimpsest data mnist puts it");
    }
}
