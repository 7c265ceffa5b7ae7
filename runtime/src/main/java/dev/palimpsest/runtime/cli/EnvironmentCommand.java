package dev.palimpsest.runtime.cli;

import com.google.gson.GsonBuilder;
import dev.palimpsest.runtime.run.Picks;
import dev.palimpsest.runtime.run.Picks.Pick;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** environment. */
final class EnvironmentCommand implements Command {
    private static final String JSON = "json";

    @Override
    public String name() {
        return "environment";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "prints what was picked for this machine (the ND4J binary, threads, memory, variables), and why";
    }

    @Override
    public List<String> examples() {
        return List.of("palimpsest environment", "palimpsest environment --json");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Command.flag(JSON, "one JSON object: by name, the value and why"));
        return options;
    }

    @Override
    public int run(CommandLine line, Session session) {
        arguments(line, 0, 0);
        Map<String, Pick> picks = Picks.here();
        if (line.hasOption(JSON)) {
            session.out()
                    .println(new GsonBuilder().disableHtmlEscaping().create().toJson(picks));
        } else {
            picks.forEach((name, pick) -> session.out().println(line(name, pick)));
        }
        return ExitCode.DONE;
    }

    private static String line(String name, Pick pick) {
        return String.format("%-24s %s", name, pick.value()) + (pick.why().isEmpty() ? "" : " (" + pick.why() + ")");
    }
}
