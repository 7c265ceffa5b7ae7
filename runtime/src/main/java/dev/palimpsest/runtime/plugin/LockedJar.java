package dev.palimpsest.runtime.plugin;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of a plugins.lock, "sha256  file-name  id version": a plugin's JAR that was loaded. */
public record LockedJar(String sha256, String file, String id, String version) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (\\S.*)  (\\S.*) (\\S+)");

    static LockedJar of(Plugin plugin) {
        return new LockedJar(plugin.sha256(), plugin.jar().getFileName().toString(), plugin.id(), plugin.version());
    }

    /** Reads a line; empty if it is none. */
    public static Optional<LockedJar> parse(String line) {
        Matcher parts = LINE.matcher(line);
        return parts.matches()
                ? Optional.of(new LockedJar(parts.group(1), parts.group(2), parts.group(3), parts.group(4)))
                : Optional.empty();
    }

    /** The line, without a line feed. */
    String line() {
        return sha256 + "  " + file + "  " + id + " " + version;
    }
}
