package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Plugin;
import dev.palimpsest.runtime.plugin.Plugins;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/** plugins. */
final class PluginsCommand implements Command {
    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "lists the plugins that were found, what they bring, and what is wrong with those that cannot be used";
    }

    @Override
    public List<String> examples() {
        return List.of("palimpsest plugins", "palimpsest plugins --plugins my-plugins  # those of another folder too");
    }

    @Override
    public int run(CommandLine line, Session session) {
        arguments(line, 0, 0);
        try (Plugins plugins = session.plugins(line)) {
            for (Plugin plugin : plugins.plugins()) {
                session.out().println(plugin.id() + " " + plugin.version() + "  " + plugin.jar());
                session.out().println("  sha256 " + plugin.sha256());
                if (!plugin.extensions().isEmpty()) {
                    session.out()
                            .println("  brings "
                                    + plugin.extensions().stream()
                                            .map(e -> e.name())
                                            .collect(Collectors.joining(", ")));
                }
                plugin.problem().ifPresent(problem -> session.out().println("  problem: " + problem));
            }
            return ExitCode.DONE;
        }
    }
}
