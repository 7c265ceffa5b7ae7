package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedRecipesIT {
    private static final String CONTRIBUTED =
            Launcher.HOME.resolve("plugins-contrib").toString();
    private static final int CIFAR_RECORD = 1 + 3 * 32 * 32;

    @TempDir
    Path folder;

    private static String recipe(String name) {
        return Launcher.HOME.resolve("recipes/" + name + ".yaml").toString();
    }

    /** All but those that call a program of this machine, which have tests of their own. */
    private static Stream<String> recipes(String in) throws IOException {
        try (Stream<Path> files = Files.list(Launcher.HOME.resolve(in))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml") && !file.startsWith("external-"))
                    .map(file -> file.replace(".yaml", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<String> small() throws IOException {
        return recipes("recipes").filter(name -> !name.startsWith("cifar10"));
    }

    static Stream<String> paper() throws IOException {
        return Stream.concat(
                Stream.of("cifar10-mask-50"),
                recipes("recipes/paper")
                        .filter(name -> name.startsWith("cifar10"))
                        .map(name -> "paper/" + name));
    }

    @ParameterizedTest
    @MethodSource("small")
    void every_shipped_recipe_is_ready_to_run(String name) {
        Result check = Launcher.brief(folder).run("check", recipe(name), "train.batch=4", "--plugins", CONTRIBUTED);
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("the recipe \"" + name + "\" is ready to run");
    }

    @ParameterizedTest
    @MethodSource("paper")
    void the_papers_presets_are_ready_to_run_and_their_network_has_31_million_parameters(String name)
            throws IOException {
        images();
        Result check = Launcher.in(folder)
                .run(
                        "check",
                        recipe(name),
                        "data.path=images.bin",
                        "data.holdOut=4",
                        "train.batch=2",
                        "train.solver.steps=2",
                        "solver.steps=2",
                        "--plugins",
                        CONTRIBUTED);
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("item: [3, 32, 32]").containsPattern("parameters: 31[.,]?0\\d+");
    }

    @Test
    void the_preset_for_cifar10_is_ready_to_run() throws IOException {
        images();
        Result check = Launcher.brief(folder)
                .run("check", recipe("cifar10-mask"), "data.path=images.bin", "data.holdOut=4", "train.batch=4");
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("item: [3, 32, 32]");
    }

    /** Twelve images of noise in CIFAR-10's layout. */
    private void images() throws IOException {
        byte[] images = new byte[12 * CIFAR_RECORD];
        RandomGeneratorFactory.of("L64X128MixRandom").create(5).nextBytes(images);
        for (int i = 0; i < 12; i++) {
            images[i * CIFAR_RECORD] = 0;
        }
        Files.write(folder.resolve("images.bin"), images);
    }
}
