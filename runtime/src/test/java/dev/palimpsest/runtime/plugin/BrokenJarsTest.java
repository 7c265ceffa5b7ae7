package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.SharedForwardModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with one JAR is said in a sentence, and those beside it are loaded. */
class BrokenJarsTest {
    private static final int JAVA = Runtime.version().feature();

    @TempDir
    Path home;

    @BeforeEach
    void good_jars_lie_before_and_after_the_broken_one() {
        Jars.forward(dropped("a.jar"), "First");
        Jars.forward(dropped("z.jar"), "Last");
    }

    @Test
    void an_empty_file() throws IOException {
        Files.createFile(dropped("bad.jar"));

        assertThat(problem()).isEqualTo("is empty (0 bytes): build or download it again");
    }

    @Test
    void a_file_that_is_no_jar() throws IOException {
        Files.writeString(dropped("bad.jar"), "<html>404</html>");

        assertThat(problem()).startsWith("cannot be read as a JAR (").endsWith("): build or download it again");
    }

    @Test
    void a_jar_that_was_cut_off() throws IOException {
        byte[] whole = Files.readAllBytes(Jars.forward(home.resolve("whole.jar"), "Bad"));
        Files.write(dropped("bad.jar"), Arrays.copyOf(whole, whole.length / 2));

        assertThat(problem()).startsWith("cannot be read as a JAR (");
    }

    @Test
    void a_jar_without_services() {
        new Jars().source("Bad", Jars.model("Bad", "")).write(dropped("bad.jar"));

        assertThat(problem())
                .startsWith("brings no extension, because it has no META-INF/services: list its classes")
                .contains("dev.palimpsest.api.ForwardModel");
    }

    @Test
    void a_jar_with_services_of_others_only() {
        new Jars()
                .source("Bad", Jars.model("Bad", ""))
                .service(Runnable.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .startsWith("brings no extension: its META-INF/services has only java.lang.Runnable: list its");
    }

    @Test
    void a_file_of_services_that_names_nothing() {
        new Jars().service(ForwardModel.class, "# soon").write(dropped("bad.jar"));

        assertThat(problem()).isEqualTo("its files in META-INF/services name no class: write one class name a line");
    }

    @Test
    void a_file_of_services_that_cannot_be_read() {
        new Jars().service(ForwardModel.class, "two words").write(dropped("bad.jar"));

        assertThat(problem())
                .startsWith("META-INF/services/dev.palimpsest.api.ForwardModel cannot be read (")
                .endsWith("): write one class name a line");
    }

    @Test
    void a_class_that_is_not_there() {
        new Jars().service(ForwardModel.class, "org.example.Blur").write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("META-INF/services/dev.palimpsest.api.ForwardModel names org.example.Blur,"
                        + " which is not in the JAR: correct the name");
    }

    @Test
    void a_class_that_the_host_loaded_is_not_the_plugins_own() {
        new Jars()
                .service(ForwardModel.class, SharedForwardModel.class.getName())
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("META-INF/services/dev.palimpsest.api.ForwardModel names"
                        + " dev.palimpsest.api.SharedForwardModel, which is not the plugin's own:"
                        + " list only classes of this JAR");
    }

    @Test
    void a_class_built_for_a_newer_java() {
        new Jars()
                .source("Bad", Jars.model("Bad", ""))
                .forgeJava("Bad", JAVA + 8)
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("is built for Java " + (JAVA + 8) + ", but this is Java " + JAVA
                        + ": run with a newer Java, or rebuild it with --release " + JAVA);
    }

    @Test
    void a_library_that_is_missing() {
        new Jars()
                .sources(Map.of(
                        "org.example.Fft",
                        "package org.example; public class Fft {}",
                        "Bad",
                        Jars.model("Bad", "static final org.example.Fft FFT = new org.example.Fft();")))
                .without("org/example/Fft.class")
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("needs the class org.example.Fft, which is neither in the JAR nor in the API:"
                        + " bundle the library that has it in the JAR");
    }

    @Test
    void an_interface_that_is_missing() {
        new Jars()
                .sources(Map.of(
                        "org.example.Base",
                        "package org.example; public interface Base extends dev.palimpsest.api.PixelForwardModel {}",
                        "Bad",
                        """
                        public record Bad() implements org.example.Base {
                            public float[] apply(float[] p, int c, int h, int w, java.util.random.RandomGenerator r) {
                                return p;
                            }
                        }
                        """))
                .without("org/example/Base.class")
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem()).startsWith("needs the class org.example.Base, which is neither");
    }

    @Test
    void a_static_initialiser_that_throws() {
        new Jars()
                .source("Bad", Jars.model("Bad", "static final int ZERO = Integer.parseInt(\"zero\");"))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("its static initialiser threw java.lang.NumberFormatException: For input string: \"zero\":"
                        + " this is a defect of the plugin");
    }

    @Test
    void a_constructor_that_throws() {
        new Jars()
                .source("Bad", Jars.model("Bad", "public Bad { throw new IllegalStateException(\"no\\nkernel\"); }"))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo("Bad could not be instantiated: its constructor without arguments threw"
                        + " java.lang.IllegalStateException: no kernel: its defaults must be values that it accepts");
    }

    @Test
    void a_record_without_defaults() {
        new Jars()
                .source("Bad", Jars.model("Bad", "").replace("Bad()", "Bad(int n)"))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo(
                        "Bad has no public constructor without arguments: add one that sets the defaults of its keys");
    }

    @Test
    void a_provider_of_another_kind() {
        new Jars()
                .source("Bad", Jars.model("Bad", ""))
                .service(OdeSolver.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem())
                .isEqualTo(
                        "Bad does not implement OdeSolver, but META-INF/services/dev.palimpsest.api.OdeSolver names it:"
                                + " implement it, or list it under what it implements");
    }

    @Test
    void a_class_that_is_no_record() {
        new Jars()
                .source("Bad", Jars.model("Bad", "").replace("record Bad()", "class Bad"))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem()).isEqualTo("Bad is not a public record: declare it as one, with its keys as components");
    }

    @Test
    void an_abstract_class() {
        new Jars()
                .source("Bad", Jars.model("Bad", "").replace("record Bad()", "abstract class Bad"))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem()).startsWith("Bad is not a public record");
    }

    @Test
    void a_name_that_no_recipe_could_write() {
        new Jars()
                .source("Bad", "@dev.palimpsest.api.Name(\"my blur\") " + Jars.model("Bad", ""))
                .service(ForwardModel.class, "Bad")
                .write(dropped("bad.jar"));

        assertThat(problem()).startsWith("Bad has the name \"my blur\": use lower-case letters");
    }

    @Test
    void another_version_of_the_api() {
        requiring("0.9.0");

        assertThat(problem())
                .isEqualTo("requires API 0.9.0, but this is API " + Plugins.apiVersion()
                        + ": use a version of the plugin that was built for it");
    }

    @Test
    void an_older_api_that_is_not_compatible() {
        requiring("0.0.9");

        assertThat(problem()).startsWith("requires API 0.0.9, but this is API");
    }

    @Test
    void a_requirement_that_is_no_version() {
        requiring("newest");

        assertThat(problem())
                .startsWith("Plugin-Requires in its manifest is \"newest\", which is not a version or a range");
    }

    @Test
    void a_range_of_versions_is_a_requirement_too() {
        requiring(">=0.1.0 & <9.0.0");

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            assertThat(plugins.failures()).isEmpty();
        }
    }

    @Test
    void a_bad_provider_does_not_hide_the_good_ones_of_its_jar() {
        new Jars()
                .sources(Map.of(
                        "Bad", Jars.model("Bad", "static final int ZERO = Integer.parseInt(\"zero\");"),
                        "Good", Jars.model("Good", ""),
                        "Newer", Jars.model("Newer", "")))
                .forgeJava("Newer", JAVA + 1)
                .service(ForwardModel.class, "Bad", "Missing", "Newer", "Good")
                .write(dropped("bad.jar"));

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            assertThat(plugins.find(ForwardModel.class, "good")).isPresent();
            assertThat(plugins.failures())
                    .singleElement()
                    .asString()
                    .contains("static initialiser", "names Missing", "is built for Java " + (JAVA + 1));
        }
    }

    private void requiring(String version) {
        new Jars()
                .source("Bad", Jars.model("Bad", ""))
                .service(ForwardModel.class, "Bad")
                .manifest("Plugin-Requires", version)
                .write(dropped("bad.jar"));
    }

    private Path dropped(String name) {
        return home.resolve("plugins").resolve(name);
    }

    private String problem() {
        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            assertThat(plugins.of(ForwardModel.class))
                    .extracting(Extension::name)
                    .containsExactly("first", "last");
            assertThat(plugins.plugins()).extracting(Plugin::jar).contains(dropped("bad.jar"));
            String failure = plugins.failures().get(0);
            assertThat(plugins.failures()).hasSize(1);
            assertThat(failure).startsWith(dropped("bad.jar") + ": ").doesNotContain("\n");
            return failure.substring(failure.indexOf(": ") + 2);
        }
    }
}
