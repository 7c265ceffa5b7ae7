package dev.palimpsest.runtime.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The JARs that may be loaded, by their SHA-256. One line a JAR: "sha256  file-name  id version". */
record Lock(Path file, Set<String> sha256) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  \\S.*  \\S.* \\S+");

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
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                throw new PluginException(file + ":" + (i + 1)
                        + ": expected \"sha256  file-name  id version\", got \"" + lines.get(i)
                        + "\": take the plugins.lock of a run as it is");
            }
            sha256.add(line.group(1));
        }
        return new Lock(file, Set.copyOf(sha256));
    }

    static String write(List<Plugin> plugins) {
        return plugins.stream()
                .map(plugin -> plugin.sha256() + "  " + plugin.jar().getFileName() + "  " + plugin.id() + " "
                        + plugin.version() + "\n")
                .collect(Collectors.joining());
    }
}
