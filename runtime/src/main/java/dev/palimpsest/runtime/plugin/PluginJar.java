package dev.palimpsest.runtime.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JAR says of itself, read without loading any of its classes.
 *
 * @param requires as written, or "*"
 * @param services the names of the files in META-INF/services
 */
record PluginJar(String id, String version, String requires, String description, List<String> services) {
    private static final Pattern VERSIONED = Pattern.compile(".*?-(\\d+(?:\\.\\d+)+(?:[-.+][0-9A-Za-z.+-]+)?)");
    private static final String SERVICES = "META-INF/services/";

    /** What is known before the file is opened. */
    static PluginJar named(Path jar) {
        String id = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        Matcher versioned = VERSIONED.matcher(id);
        return new PluginJar(id, versioned.matches() ? versioned.group(1) : "0.0.0", "*", "", List.of());
    }

    static PluginJar read(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            PluginJar named = named(jar);
            Manifest manifest = Optional.ofNullable(file.getManifest()).orElseGet(Manifest::new);
            Attributes attributes = manifest.getMainAttributes();
            List<String> services = file.stream()
                    .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(SERVICES))
                    .map(entry -> entry.getName().substring(SERVICES.length()))
                    .sorted()
                    .toList();
            return new PluginJar(
                    attribute(attributes, "Plugin-Id", named.id),
                    attribute(attributes, "Plugin-Version", named.version),
                    attribute(attributes, "Plugin-Requires", named.requires),
                    attribute(attributes, "Plugin-Description", named.description),
                    services);
        }
    }

    /** The constraint for PF4J: a bare version means every compatible one, as in semantic versioning. */
    String constraint() {
        return requires.matches("\\d+\\.\\d+\\.\\d+") ? "^" + requires : requires;
    }

    private static String attribute(Attributes attributes, String name, String otherwise) {
        String value = attributes.getValue(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }
}
