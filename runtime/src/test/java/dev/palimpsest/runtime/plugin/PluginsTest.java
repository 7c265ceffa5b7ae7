package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
    @TempDir
    Path home;

    @Test
    void a_plain_jar_with_a_file_of_services_is_a_plugin() {
        Jars.forward(dropped("my-blur-1.2.jar"), "MyBlur");

        Plugin plugin = only();

        assertThat(plugin.problem()).isEmpty();
        assertThat(plugin.id()).isEqualTo("my-blur-1.2");
        assertThat(plugin.version()).isEqualTo("1.2");
        assertThat(plugin.requires()).isEqualTo("*");
        assertThat(plugin.extensions()).extracting(Extension::name).containsExactly("my-blur");
    }

    @Test
    void a_jar_without_a_version_in_its_name_has_version_zero() {
        Jars.forward(dropped("blur.jar"), "Blur");

        assertThat(only().version()).isEqualTo("0.0.0");
    }

    @Test
    void the_manifest_names_and_describes_the_plugin() {
        new Jars()
                .source("Blur", Jars.model("Blur", ""))
                .service(ForwardModel.class, "Blur")
                .manifest("Plugin-Id", "optics")
                .manifest("Plugin-Version", "2.0.1")
                .manifest("Plugin-Requires", "0.1.0")
                .manifest("Plugin-Description", "Lenses.")
                .write(dropped("o.jar"));

        Plugin plugin = only();

        assertThat(List.of(plugin.id(), plugin.version(), plugin.requires(), plugin.description()))
                .containsExactly("optics", "2.0.1", "0.1.0", "Lenses.");
        assertThat(plugin.problem()).isEmpty();
        assertThat(plugin.extensions()).extracting(Extension::plugin).containsExactly("optics");
    }

    @Test
    void jars_are_found_in_module_targets_then_in_the_folder_then_in_extra_roots_by_file_name() {
        Path extra = home.resolve("extra");
        Jars.forward(extra.resolve("a.jar"), "A");
        Jars.forward(dropped("c.jar"), "C");
        Jars.forward(dropped("b.jar"), "B");
        Jars.forward(home.resolve("plugins/x/target/z.jar"), "Z");
        Jars.forward(home.resolve("plugins/y/target/y.jar"), "Y");
        Jars.forward(extra.resolve("m/target/d.jar"), "D");

        try (Plugins plugins = Plugins.load(home, List.of(extra), Optional.empty(), List.of())) {
            assertThat(plugins.plugins()).extracting(Plugin::id).containsExactly("y", "z", "b", "c", "d", "a");
            assertThat(plugins.of(ForwardModel.class))
                    .extracting(Extension::name)
                    .containsExactly("a", "b", "c", "d", "y", "z");
        }
    }

    @Test
    void jars_of_sources_documentation_and_tests_are_not_plugins() {
        for (String name : List.of("b-sources.jar", "b-javadoc.jar", "b-tests.jar", "original-b.jar")) {
            Jars.forward(home.resolve("plugins/m/target").resolve(name), "B");
        }

        try (Plugins plugins = load()) {
            assertThat(plugins.plugins()).isEmpty();
        }
    }

    @Test
    void a_home_without_plugins_has_none() {
        try (Plugins plugins = load()) {
            assertThat(plugins.plugins()).isEmpty();
            assertThat(plugins.failures()).isEmpty();
        }
    }

    @Test
    void an_extra_root_must_be_a_folder() throws IOException {
        Path missing = home.resolve("missing");
        Path file = Files.createFile(home.resolve("file"));

        assertThatThrownBy(() -> Plugins.load(home, List.of(missing), Optional.empty(), List.of()))
                .isInstanceOf(PluginException.class)
                .hasMessage(missing + ": expected a folder of plugin JARs, but there is no such folder");
        assertThatThrownBy(() -> Plugins.load(home, List.of(file), Optional.empty(), List.of()))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("it is a file");
    }

    @Test
    void one_jar_can_be_loaded_without_those_beside_it() {
        Path extra = home.resolve("extra");
        Path blur = Jars.forward(dropped("blur.jar"), "Blur");
        Jars.forward(dropped("a.jar"), "Other");
        Jars.forward(extra.resolve("more.jar"), "More");

        try (Plugins plugins = Plugins.only(blur, List.of(), Optional.empty())) {
            assertThat(plugins.plugins()).extracting(Plugin::jar).containsExactly(blur);
            assertThat(plugins.of(ForwardModel.class))
                    .extracting(Extension::name)
                    .containsExactly("blur");
        }
        try (Plugins plugins = Plugins.only(blur, List.of(extra), Optional.empty())) {
            assertThat(plugins.plugins()).extracting(Plugin::id).containsExactly("blur", "more");
        }
    }

    @Test
    void the_same_file_in_two_roots_is_one_plugin() throws IOException {
        Path extra = Files.createDirectory(home.resolve("extra"));
        Files.copy(Jars.forward(dropped("blur.jar"), "Blur"), extra.resolve("copy.jar"));

        try (Plugins plugins = Plugins.load(home, List.of(extra), Optional.empty(), List.of())) {
            assertThat(plugins.plugins()).extracting(Plugin::id).containsExactly("blur");
            assertThat(plugins.failures()).isEmpty();
        }
    }

    @Test
    void of_two_jars_with_one_id_the_first_is_kept() {
        Path extra = home.resolve("extra");
        Path first = Jars.forward(dropped("blur.jar"), "Blur");
        Path second = Jars.forward(extra.resolve("blur.jar"), "Other");

        try (Plugins plugins = Plugins.load(home, List.of(extra), Optional.empty(), List.of())) {
            assertThat(plugins.failures())
                    .containsExactly(second + ": is left out, because " + first
                            + " already has the id \"blur\": remove one of the two JARs");
        }
    }

    @Test
    void of_two_extensions_with_one_name_the_first_is_kept_and_both_jars_are_named() {
        Jars.forward(dropped("a.jar"), "Blur");
        new Jars()
                .sources(Map.of("p.Blur", "package p; " + Jars.model("Blur", ""), "Mask", Jars.model("Mask", "")))
                .service(ForwardModel.class, "p.Blur", "Mask")
                .write(dropped("b.jar"));

        try (Plugins plugins = load()) {
            assertThat(plugins.find(ForwardModel.class, "blur").orElseThrow().plugin())
                    .isEqualTo("a");
            assertThat(plugins.find(ForwardModel.class, "mask").orElseThrow().plugin())
                    .isEqualTo("b");
            assertThat(plugins.failures())
                    .singleElement()
                    .asString()
                    .contains("its forward model \"blur\" (p.Blur in b.jar) is left out, because a.jar already has");
        }
    }

    @Test
    void one_name_may_stand_for_things_of_two_kinds() {
        Jars.forward(dropped("a.jar"), "Linear");
        new Jars()
                .source("Linear", """
                        public record Linear() implements dev.palimpsest.api.InterpolantSchedule {
                            public double alpha(double t) { return 1 - t; }
                            public double alphaDot(double t) { return -1; }
                            public double beta(double t) { return t; }
                            public double betaDot(double t) { return 1; }
                        }
                        """)
                .service(InterpolantSchedule.class, "Linear")
                .write(dropped("b.jar"));

        try (Plugins plugins = load()) {
            assertThat(plugins.failures()).isEmpty();
            assertThat(plugins.find(ForwardModel.class, "linear")).isPresent();
            assertThat(plugins.find(InterpolantSchedule.class, "linear")).isPresent();
        }
    }

    @Test
    void a_name_is_the_annotation_or_the_class_name_in_kebab_case() {
        Map<String, String> names = Map.of(
                "XMLBlur", "xml-blur",
                "Rk4", "rk4",
                "GaussianBlur", "gaussian-blur",
                "Rk4Noise", "rk4-noise",
                "Noise2D", "noise2d",
                "JPEG", "jpeg");
        Jars jars = new Jars().source("Q", "@dev.palimpsest.api.Name(\"other\") " + Jars.model("Q", ""));
        names.keySet().forEach(name -> jars.source(name, Jars.model(name, "")));
        String[] providers = jars.classNames();
        jars.service(ForwardModel.class, providers).write(dropped("names.jar"));

        try (Plugins plugins = load()) {
            assertThat(plugins.failures()).isEmpty();
            assertThat(plugins.of(ForwardModel.class))
                    .extracting(Extension::name)
                    .containsExactlyInAnyOrder(
                            "xml-blur", "rk4", "gaussian-blur", "rk4-noise", "noise2d", "jpeg", "other");
        }
    }

    @Test
    void the_runtimes_own_extensions_come_from_its_class_path_under_its_own_name() {
        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of(Greeting.class))) {
            assertThat(plugins.of(Greeting.class))
                    .containsExactly(
                            new Extension<>(Greeting.class, "good-morning", Greeting.GoodMorning.class, "palimpsest"));
            assertThat(plugins.plugins()).isEmpty();
        }
    }

    @Test
    void a_plugin_cannot_bring_what_is_the_runtimes() {
        new Jars()
                .source("Blur", Jars.model("Blur", ""))
                .service(ForwardModel.class, "Blur")
                .service(Greeting.class, "Blur")
                .write(dropped("blur.jar"));

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of(Greeting.class))) {
            assertThat(plugins.of(Greeting.class)).hasSize(1);
            assertThat(plugins.failures()).isEmpty();
        }
    }

    @Test
    void the_version_of_the_api_is_the_one_that_was_built() {
        assertThat(Plugins.apiVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    private Path dropped(String name) {
        return home.resolve("plugins").resolve(name);
    }

    private Plugins load() {
        return Plugins.load(home, List.of(), Optional.empty(), List.of());
    }

    private Plugin only() {
        try (Plugins plugins = load()) {
            assertThat(plugins.plugins()).hasSize(1);
            return plugins.plugins().get(0);
        }
    }
}
