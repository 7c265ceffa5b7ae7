package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.plugin.Plugins;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** describe NAME. */
final class DescribeCommand implements Command {
    @Override
    public String name() {
        return "describe";
    }

    @Override
    public String arguments() {
        return "NAME";
    }

    @Override
    public String summary() {
        return "shows one extension's keys, with their defaults, ranges and meaning";
    }

    @Override
    public String example() {
        return "describe random-mask";
    }

    @Override
    public int run(CommandLine line, Session session) {
        String name = arguments(line, 1, 1).get(0);
        try (Plugins plugins = session.plugins(line)) {
            List<Extension<?>> all = plugins.all();
            List<Extension<?>> named = all.stream().filter(extension -> extension.name().equals(name)).toList();
            if (named.isEmpty()) {
                throw new UsageException(unknown(name, all));
            }
            for (Extension<?> extension : named) {
                session.out().println(extension.name() + ": " + extension.kindInWords() + ", from " + extension.plugin());
                extension.doc().ifPresent(doc -> session.out().println("  " + doc));
                for (Key key : extension.keys()) {
                    session.out().println("  " + key);
                }
            }
            return ExitCode.DONE;
        }
    }

    private static String unknown(String name, List<Extension<?>> all) {
        String nearest = all.stream()
                .map(Extension::name)
                .min(Comparator.comparing(other -> LevenshteinDistance.getDefaultInstance().apply(name, other)))
                .orElseThrow();
        String known = all.stream().map(Extension::name).sorted().distinct().collect(Collectors.joining(", "));
        return "nothing is called \"" + name + "\"; did you mean \"" + nearest + "\"? There are: " + known;
    }
}
