package dev.palimpsest.runtime.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The JARs that may be loaded, by their SHA-256. One line a JAR: see {@link LockedJar}. */
record Lock(Path file, Set<String> sha256) {
    static Lock read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new PluginException(
                    file + ": cannot be read as a lock of plugins ("
                            + unreadable.getClass().getSimpleName() + "): name the plugins.lock of a run",
                    unreadable);
        }
        Set<String> sha256 = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            Optional<LockedJar> jar = LockedJar.parse(lines.get(i));
            if (jar.isEmpty()) {
                throw new PluginException(file + ":" + (i + 1)
                        + ": expected \"sha256  file-name  id version\", got \"" + lines.get(i)
                        + "\": take the plugins.lock of a run as it is");
            }
            sha256.add(jar.get().sha256());
        }
        return new Lock(file, Set.copyOf(sha256));
    }

    static String write(List<Plugin> plugins) {
        return plugins.stream()
                .map(plugin -> LockedJar.of(plugin).line() + "\n")
                .collect(Collectors.joining());
    }
}
