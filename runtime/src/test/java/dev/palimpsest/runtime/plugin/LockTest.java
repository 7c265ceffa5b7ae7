package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
    @TempDir
    Path home;

    @Test
    void a_lock_has_one_line_for_each_jar_that_brings_something() throws IOException, NoSuchAlgorithmException {
        Path jar = Jars.forward(dropped("my blur-1.2.jar"), "Blur");
        Files.createFile(dropped("broken.jar"));

        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        assertThat(lock()).isEqualTo(sha256 + "  my blur-1.2.jar  my blur-1.2 1.2\n");
    }

    @Test
    void what_is_in_the_lock_is_loaded() throws IOException {
        Jars.forward(dropped("my blur-1.2.jar"), "Blur");
        Path lock = Files.writeString(home.resolve("plugins.lock"), lock());

        try (Plugins plugins = locked(lock)) {
            assertThat(plugins.failures()).isEmpty();
            assertThat(plugins.find(ForwardModel.class, "blur")).isPresent();
        }
    }

    @Test
    void a_jar_that_changed_is_refused_before_its_code_runs() throws IOException {
        Jars.forward(dropped("blur.jar"), "Blur");
        Path lock = Files.writeString(home.resolve("plugins.lock"), lock());
        Path mark = home.resolve("mark");
        new Jars()
                .source(
                        "Blur",
                        Jars.model(
                                "Blur",
                                "static { new java.io.File(\"" + mark.toString().replace("\\", "\\\\")
                                        + "\").mkdir(); }"))
                .service(ForwardModel.class, "Blur")
                .write(dropped("blur.jar"));

        try (Plugins plugins = locked(lock)) {
            assertThat(plugins.of(ForwardModel.class)).isEmpty();
            assertThat(plugins.failures())
                    .singleElement()
                    .asString()
                    .startsWith(dropped("blur.jar") + ": is refused, because its SHA-256 ")
                    .endsWith("is not in " + lock + ": remove the JAR, or run without --locked");
        }
        assertThat(mark).doesNotExist();
        load().close();
        assertThat(mark).exists();
    }

    @Test
    void a_lock_that_is_not_there_is_an_error() {
        Path missing = home.resolve("missing.lock");

        assertThatThrownBy(() -> locked(missing))
                .isInstanceOf(PluginException.class)
                .hasMessage(
                        missing
                                + ": cannot be read as a lock of plugins (NoSuchFileException): name the plugins.lock of a run");
    }

    @Test
    void a_line_that_is_none_of_a_lock_is_an_error_with_its_position() throws IOException {
        Jars.forward(dropped("blur.jar"), "Blur");
        Path lock = Files.writeString(home.resolve("plugins.lock"), lock() + "blur.jar\n");

        assertThatThrownBy(() -> locked(lock))
                .isInstanceOf(PluginException.class)
                .hasMessageStartingWith(
                        lock + ":2: expected \"sha256  file-name  id version\", got \"blur.jar\": take");
    }

    private Plugins load() {
        return Plugins.load(home, List.of(), Optional.empty(), List.of());
    }

    private Plugins locked(Path lock) {
        return Plugins.load(home, List.of(), Optional.of(lock), List.of());
    }

    private String lock() {
        try (Plugins plugins = load()) {
            return plugins.lock();
        }
    }

    private Path dropped(String name) {
        return home.resolve("plugins").resolve(name);
    }
}
