package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedRecipesIT {
    private static final int CIFAR_RECORD = 1 + 3 * 32 * 32;

    @TempDir
    Path folder;

    private static String recipe(String name) {
        return Launcher.HOME.resolve("recipes/" + name + ".yaml").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "two-moons", "gaussian", "fashion-mask-50", "chain"})
    void every_shipped_recipe_is_ready_to_run(String name) {
        Result check = Launcher.in(folder).run("check", recipe(name), "train.batch=4");
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("the recipe \"" + name + "\" is ready to run");
    }

    @Test
    void the_papers_network_has_31_0_million_parameters() throws IOException {
        byte[] images = new byte[12 * CIFAR_RECORD];
        RandomGeneratorFactory.of("L64X128MixRandom").create(5).nextBytes(images);
        for (int i = 0; i < 12; i++) {
            images[i * CIFAR_RECORD] = 0;
        }
        Files.write(folder.resolve("images.bin"), images);
        Result check = Launcher.in(folder)
                .run(
                        "check",
                        recipe("cifar10-mask-50"),
                        "data.path=images.bin",
                        "data.holdOut=4",
                        "train.batch=2",
                        "train.solver.steps=2",
                        "solver.steps=2");
        assertThat(check.err()).doesNotContain("Exception");
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("item: [3, 32, 32]").containsPattern("parameters: 31[.,]?0\\d+");
    }
}
