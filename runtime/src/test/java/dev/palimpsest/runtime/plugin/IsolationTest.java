package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

class IsolationTest {
    @TempDir
    Path home;

    /** A model whose y says, as 1 or 0, whether a condition on "here" (its class loader) and "context" holds. */
    private static String asking(String name, String condition) {
        return """
                public record %s() implements dev.palimpsest.api.ForwardModel {
                    public dev.palimpsest.api.Observations apply(
                            org.nd4j.linalg.api.ndarray.INDArray x, java.util.random.RandomGenerator rng) {
                        ClassLoader here = getClass().getClassLoader();
                        ClassLoader context = Thread.currentThread().getContextClassLoader();
                        return dev.palimpsest.api.Observations.of(x.dup().assign((%s) ? 1 : 0));
                    }
                    static boolean sees(ClassLoader loader, String type) {
                        try {
                            loader.loadClass(type);
                            return true;
                        } catch (ClassNotFoundException | LinkageError missing) {
                            return false;
                        }
                    }
                }
                """.formatted(name, condition);
    }

    private boolean answer(String condition) {
        new Jars()
                .source("Asking", asking("Asking", condition))
                .service(ForwardModel.class, "Asking")
                .write(dropped("asking.jar"));
        return answer(Plugins.load(home, List.of(), Optional.empty(), List.of()), "asking");
    }

    private static boolean answer(Plugins plugins, String name) {
        try (plugins) {
            return apply(plugins, name).y().getFloat(0) == 1;
        }
    }

    private static Observations apply(Plugins plugins, String name) {
        Extension<ForwardModel> extension =
                plugins.find(ForwardModel.class, name).orElseThrow();
        return Checked.forward(instance(extension), extension)
                .apply(
                        Nd4j.ones(1, 2),
                        RandomGeneratorFactory.of("L64X128MixRandom").create(1));
    }

    private static <T> T instance(Extension<T> extension) {
        try {
            return extension.type().getConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void a_plugin_sees_the_api_and_nd4j_and_java() {
        assertThat(answer("sees(here, \"dev.palimpsest.api.OdeSolver\") && sees(here, \"org.nd4j.linalg.factory.Nd4j\")"
                        + " && sees(here, \"java.sql.Driver\") && sees(here, \"org.slf4j.Logger\")"))
                .isTrue();
    }

    @Test
    void a_plugin_sees_neither_the_runtime_nor_its_libraries() {
        for (String hidden : List.of(
                Plugins.class.getName(),
                "org.yaml.snakeyaml.Yaml",
                "com.google.gson.Gson",
                "org.apache.commons.cli.Options",
                "ch.qos.logback.classic.Logger",
                getClass().getName())) {
            assertThat(IsolationTest.sees(hidden)).as("the host sees " + hidden).isTrue();
            assertThat(answer("sees(here, \"" + hidden + "\")"))
                    .as("the plugin sees " + hidden)
                    .isFalse();
        }
    }

    @Test
    void a_plugin_does_not_see_other_plugins() {
        Jars.forward(dropped("a.jar"), "Other");

        assertThat(answer("sees(here, \"Other\")")).isFalse();
    }

    @Test
    void a_plugin_does_not_see_the_resources_of_the_runtime() {
        assertThat(getClass().getResource("/logback.xml")).isNotNull();
        assertThat(answer("here.getResource(\"logback.xml\") != null")).isFalse();
    }

    @Test
    void a_plugin_reads_its_own_resources() {
        new Jars()
                .source("Asking", asking("Asking", "Asking.class.getResource(\"/kernel.txt\") != null"))
                .entry("kernel.txt", "1 2 1")
                .service(ForwardModel.class, "Asking")
                .write(dropped("asking.jar"));

        assertThat(answer(Plugins.load(home, List.of(), Optional.empty(), List.of()), "asking"))
                .isTrue();
    }

    @Test
    void the_context_class_loader_is_the_plugins_while_its_code_runs() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThat(answer("context == here")).isTrue();
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void two_plugins_have_two_versions_of_one_library() {
        for (int version : List.of(1, 2)) {
            new Jars()
                    .sources(Map.of(
                            "org.example.Lib",
                            "package org.example; public class Lib { public static int version() { return " + version
                                    + "; } }",
                            "V" + version,
                            asking("V" + version, "org.example.Lib.version() == " + version)))
                    .service(ForwardModel.class, "V" + version)
                    .write(dropped("v" + version + ".jar"));
        }

        for (String name : List.of("v1", "v2")) {
            assertThat(answer(Plugins.load(home, List.of(), Optional.empty(), List.of()), name))
                    .isTrue();
        }
    }

    @Test
    void a_plugins_own_version_of_a_library_of_the_runtime_is_its_own() {
        new Jars()
                .sources(Map.of(
                        "com.google.gson.Gson",
                        "package com.google.gson; public class Gson { public boolean mine() { return true; } }",
                        "Asking",
                        asking("Asking", "new com.google.gson.Gson().mine()")))
                .service(ForwardModel.class, "Asking")
                .write(dropped("asking.jar"));

        assertThat(answer(Plugins.load(home, List.of(), Optional.empty(), List.of()), "asking"))
                .isTrue();
    }

    @Test
    void a_fat_jar_that_bundles_the_api_works() throws IOException {
        Jars fat = new Jars();
        bundle(fat, Jars.whereIs(ForwardModel.class));
        fat.source("Fat", Jars.model("Fat", ""))
                .service(ForwardModel.class, "Fat")
                .write(dropped("fat.jar"));

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            assertThat(plugins.failures()).isEmpty();
            assertThat(apply(plugins, "fat").y()).isEqualTo(Nd4j.ones(1, 2));
        }
    }

    /** What the JAR bundles would throw; that of the host, which the runtime logs with, is used in its place. */
    @Test
    void a_fat_jar_that_bundles_another_slf4j_works_with_that_of_the_host() {
        new Jars()
                .source("org.slf4j.LoggerFactory", """
                        package org.slf4j;
                        public class LoggerFactory {
                            public static Object getLogger(String name) { throw new IllegalStateException("old"); }
                        }
                        """)
                .source(
                        "Asking",
                        asking(
                                "Asking",
                                "org.slf4j.LoggerFactory.getLogger(\"asking\").isErrorEnabled()"
                                        + " && org.slf4j.LoggerFactory.class.getClassLoader() != here"),
                        Jars.whereIs(LoggerFactory.class))
                .service(ForwardModel.class, "Asking")
                .write(dropped("asking.jar"));

        assertThat(answer(Plugins.load(home, List.of(), Optional.empty(), List.of()), "asking"))
                .isTrue();
    }

    @Test
    void a_class_that_is_missing_only_when_it_is_used_is_named_then() {
        new Jars()
                .sources(Map.of(
                        "org.example.Lib",
                        "package org.example; public class Lib { public static int version() { return 1; } }",
                        "Lazy",
                        asking("Lazy", "org.example.Lib.version() == 1")))
                .without("org/example/Lib.class")
                .service(ForwardModel.class, "Lazy")
                .write(dropped("lazy.jar"));

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            assertThat(plugins.failures()).isEmpty();
            assertThatThrownBy(() -> apply(plugins, "lazy"))
                    .isInstanceOf(PluginException.class)
                    .hasMessageStartingWith(
                            "forward model \"lazy\" (plugin lazy): needs the class org.example.Lib, which is neither");
        }
    }

    @Test
    void the_extension_of_an_object_is_found() {
        Jars.forward(dropped("a.jar"), "First");
        Jars.forward(dropped("b.jar"), "Second");

        try (Plugins plugins = Plugins.load(home, List.of(), Optional.empty(), List.of())) {
            Extension<ForwardModel> second =
                    plugins.find(ForwardModel.class, "second").orElseThrow();
            assertThat(plugins.whose(ForwardModel.class, instance(second))).contains(second);
        }
    }

    private static void bundle(Jars jars, Path classes) throws IOException {
        if (Files.isDirectory(classes)) {
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    jars.entry(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
            return;
        }
        try (JarFile jar = new JarFile(classes.toFile())) {
            for (var entry : jar.stream()
                    .filter(e -> e.getName().startsWith("dev/") && !e.isDirectory())
                    .toList()) {
                jars.entry(entry.getName(), jar.getInputStream(entry).readAllBytes());
            }
        }
    }

    private static boolean sees(String type) {
        try {
            Class.forName(type, false, IsolationTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    private Path dropped(String name) {
        return home.resolve("plugins").resolve(name);
    }

    /** x is given by the API's own class, so that what a plugin gets and returns is what the host has. */
    @Test
    void arrays_are_of_the_hosts_class() {
        assertThat(answer("org.nd4j.linalg.api.ndarray.INDArray.class.getClassLoader() != here"))
                .isTrue();
        assertThat(INDArray.class.getClassLoader()).isSameAs(Plugins.class.getClassLoader());
    }
}
