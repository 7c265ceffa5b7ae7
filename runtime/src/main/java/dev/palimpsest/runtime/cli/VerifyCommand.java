package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Plugin;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.verify.Row;
import dev.palimpsest.runtime.verify.Row.Outcome;
import dev.palimpsest.runtime.verify.Verification;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;

/** verify JAR [NAME.KEY=VALUE ...]. */
final class VerifyCommand implements Command {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String arguments() {
        return "JAR [NAME.KEY=VALUE ...]";
    }

    @Override
    public String summary() {
        return "tries on a plugin's extensions, with their defaults or the keys given, everything that the API promises of their kind";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest verify plugins/stripes.jar",
                "palimpsest verify plugins/stripes.jar stripes.every=3  # with other keys than the defaults");
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> arguments = arguments(line, 1, Integer.MAX_VALUE);
        Path jar = Path.of(arguments.get(0));
        if (!Files.isRegularFile(jar)) {
            throw new UsageException(jar + ": expected the JAR of a plugin, but "
                    + (Files.exists(jar) ? "it is a folder" : "there is no such file"));
        }
        try (Plugins plugins = Plugins.only(jar, Session.roots(line), Session.lock(line))) {
            List<Row> rows =
                    verified(plugins.plugins().get(0), arguments.subList(1, arguments.size()), plugins, session.out());
            return rows.stream().allMatch(row -> row.outcome() != Outcome.FAILED) ? ExitCode.DONE : ExitCode.PLUGIN;
        }
    }

    private static List<Row> verified(Plugin plugin, List<String> overrides, Plugins plugins, PrintStream out) {
        requireKnown(plugin, overrides);
        out.println(plugin.id() + " " + plugin.version() + "  " + plugin.jar());
        out.println("  sha256 " + plugin.sha256());
        out.println("  requires API " + plugin.requires() + ", this is " + Plugins.apiVersion());
        List<Row> rows = new ArrayList<>();
        plugin.problem().ifPresent(problem -> {
            rows.add(new Row(plugin.id(), "it can be loaded", Outcome.FAILED, problem));
            print(rows.get(0), out);
        });
        for (Extension<?> extension : plugin.extensions()) {
            Object instance = new RecipeReader(plugins).extension(extension, of(extension, overrides));
            new Verification(extension, LIMIT, row -> {
                        rows.add(row);
                        print(row, out);
                    })
                    .run(instance);
        }
        long failed =
                rows.stream().filter(row -> row.outcome() == Outcome.FAILED).count();
        long kept = rows.stream().filter(row -> row.outcome() == Outcome.OK).count();
        out.println(failed == 0 ? "all " + kept + " checks hold" : failed + " failed, " + kept + " hold");
        return rows;
    }

    private static void requireKnown(Plugin plugin, List<String> overrides) {
        List<String> names = plugin.extensions().stream().map(Extension::name).toList();
        for (String override : overrides) {
            if (names.stream().noneMatch(name -> begins(override, name))) {
                throw new UsageException("\"" + override + "\": expected NAME.KEY=VALUE, where NAME is one of "
                        + String.join(", ", names));
            }
        }
    }

    private static List<String> of(Extension<?> extension, List<String> overrides) {
        return overrides.stream()
                .filter(override -> begins(override, extension.name()))
                .toList();
    }

    private static boolean begins(String override, String name) {
        return override.startsWith(name + ".");
    }

    private static void print(Row row, PrintStream out) {
        String line = String.format(
                "  %-8s %-18s %s", row.outcome().name().toLowerCase(Locale.ROOT), row.extension(), row.tried());
        out.println(row.message().isEmpty() ? line : line + ": " + row.message());
    }
}
