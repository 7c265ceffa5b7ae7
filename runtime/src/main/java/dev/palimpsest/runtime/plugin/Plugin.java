package dev.palimpsest.runtime.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A plugin JAR that was found, loaded or not.
 *
 * @param id the manifest's Plugin-Id, or the file name without ".jar"
 * @param version the manifest's Plugin-Version, or the version in the file name, or 0.0.0
 * @param requires the versions of the API that it works with, in the words of its manifest; "*" if it does not say
 * @param description the manifest's Plugin-Description, or nothing
 * @param jar the file
 * @param sha256 of the file, in hexadecimal; empty if the file cannot be read
 * @param extensions what recipes can name because of it
 * @param problem what is wrong with it, wholly or in part, and what to do
 */
public record Plugin(
        String id,
        String version,
        String requires,
        String description,
        Path jar,
        String sha256,
        List<Extension<?>> extensions,
        Optional<String> problem) {
    public Plugin {
        extensions = List.copyOf(extensions);
    }
}
