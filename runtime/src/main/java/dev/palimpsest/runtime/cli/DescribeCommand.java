package dev.palimpsest.runtime.cli;

import dev.palimpsest.api.Doc;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.plugin.Plugins;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            List<Extension<?>> all = Stream.concat(Plugins.KINDS.stream(), Session.OWN_KINDS.stream())
                    .<Extension<?>>flatMap(kind -> plugins.of(kind).stream())
                    .toList();
            List<Extension<?>> named = all.stream()
                    .filter(extension -> extension.name().equals(name))
                    .toList();
            if (named.isEmpty()) {
                throw new UsageException(unknown(name, all));
            }
            named.forEach(extension -> describe(extension, session.out()));
            return ExitCode.DONE;
        }
    }

    private static void describe(Extension<?> extension, PrintStream out) {
        out.println(extension.name() + ": " + extension.kind().getSimpleName() + ", from " + extension.plugin());
        Optional.ofNullable(extension.type().getAnnotation(Doc.class))
                .ifPresent(doc -> out.println("  " + doc.value()));
        for (Key key : Key.of(extension)) {
            String range = key.range().isEmpty() ? "" : ", " + key.range();
            out.println("  " + key.name() + " (" + key.type() + range + "; default " + key.defaultValue() + ") "
                    + key.doc());
        }
    }

    private static String unknown(String name, List<Extension<?>> all) {
        String nearest = all.stream()
                .map(Extension::name)
                .min(Comparator.comparing(
                        other -> LevenshteinDistance.getDefaultInstance().apply(name, other)))
                .orElseThrow();
        String known = all.stream().map(Extension::name).sorted().distinct().collect(Collectors.joining(", "));
        return "nothing is called \"" + name + "\"; did you mean \"" + nearest + "\"? There are: " + known;
    }
}
