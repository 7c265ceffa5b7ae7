package dev.palimpsest.runtime.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;

/** completion bash|zsh. */
final class CompletionCommand implements Command {
    private static final Map<String, Supplier<String>> SHELLS =
            Map.of("bash", BashCompletion::script, "zsh", ZshCompletion::script);

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String arguments() {
        return "bash|zsh";
    }

    @Override
    public String summary() {
        return "prints a script that lets a shell complete commands, options and files";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "eval \"$(palimpsest completion bash)\"  # in ~/.bashrc",
                "palimpsest completion zsh > _palimpsest  # in a folder of fpath, before compinit");
    }

    @Override
    public int run(CommandLine line, Session session) {
        String shell = arguments(line, 1, 1).get(0);
        if (!SHELLS.containsKey(shell)) {
            throw new UsageException("there is no completion for \"" + shell + "\"; there is for bash and zsh");
        }
        session.out().print(SHELLS.get(shell).get());
        return ExitCode.DONE;
    }
}
