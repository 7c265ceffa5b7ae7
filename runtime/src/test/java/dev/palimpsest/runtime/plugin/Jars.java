package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.ForwardModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Builds plugin JARs from sources, against the API alone. */
final class Jars {
    private static final String BODY = """
            public dev.palimpsest.api.Observations apply(
                    org.nd4j.linalg.api.ndarray.INDArray x, java.util.random.RandomGenerator rng) {
                return dev.palimpsest.api.Observations.of(x.dup());
            }
            """;

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();

    /** A public record that is a forward model; {@code more} goes into its body. */
    static String model(String name, String more) {
        return "public record " + name + "() implements dev.palimpsest.api.ForwardModel {" + more + BODY + "}";
    }

    /** A JAR with one forward model that copies its input. */
    static Path forward(Path jar, String name) {
        return new Jars()
                .source(name, model(name, ""))
                .service(ForwardModel.class, name)
                .write(jar);
    }

    /** Adds compiled classes; the sources may refer to each other and to what is in {@code libraries}. */
    Jars sources(Map<String, String> sources, Path... libraries) {
        entries.putAll(compile(sources, libraries));
        return this;
    }

    Jars source(String name, String source, Path... libraries) {
        return sources(Map.of(name, source), libraries);
    }

    Jars service(Class<?> kind, String... providers) {
        return entry("META-INF/services/" + kind.getName(), String.join("\n", providers));
    }

    Jars entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Jars entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    Jars without(String entry) {
        entries.remove(entry);
        return this;
    }

    /** Pretends that a class was built for a newer Java. */
    Jars forgeJava(String className, int feature) {
        byte[] bytes = entries.get(className + ".class").clone();
        bytes[6] = 0;
        bytes[7] = (byte) (44 + feature);
        return entry(className + ".class", bytes);
    }

    /** The top-level classes that are in the JAR so far. */
    String[] classNames() {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.replace(".class", "").replace('/', '.'))
                .toArray(String[]::new);
    }

    Jars manifest(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    Path write(Path jar) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        try {
            Files.createDirectories(jar.getParent());
            try (OutputStream file = Files.newOutputStream(jar);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    JarEntry dated = new JarEntry(entry.getKey());
                    dated.setTime(0);
                    out.putNextEntry(dated);
                    out.write(entry.getValue());
                    out.closeEntry();
                }
            }
            return jar;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static Map<String, byte[]> compile(Map<String, String> sources, Path... libraries) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, source) -> units.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                }));
        try {
            Path classes = Files.createTempDirectory("classes");
            String classPath = Stream.concat(
                            Stream.of(ForwardModel.class, INDArray.class).map(Jars::whereIs), Stream.of(libraries))
                    .map(Path::toString)
                    .reduce((p, q) -> p + java.io.File.pathSeparator + q)
                    .orElseThrow();
            StringWriter messages = new StringWriter();
            boolean compiled = compiler.getTask(
                            messages,
                            null,
                            null,
                            List.of("-d", classes.toString(), "-cp", classPath, "-proc:none", "--release", "17"),
                            null,
                            units)
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException(messages.toString());
            }
            Map<String, byte[]> compiledClasses = new TreeMap<>();
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    compiledClasses.put(
                            classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
            return compiledClasses;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Path whereIs(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
