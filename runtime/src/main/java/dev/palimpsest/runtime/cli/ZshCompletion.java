package dev.palimpsest.runtime.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/** A script that tells zsh of all commands and options, with what they do. */
final class ZshCompletion {
    private static final String TEMPLATE = """
            #compdef palimpsest
            # Completion of palimpsest for zsh: palimpsest completion zsh > _palimpsest, in a folder of fpath, before compinit.
            _palimpsest() {
                local -a commands
                commands=(
            {commands}    )
                if (( CURRENT == 2 )); then
                    _describe command commands
                    return
                fi
                local command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            {cases}    esac
            }
            if [ "$funcstack[1]" = _palimpsest ]; then
                _palimpsest "$@"
            else
                compdef _palimpsest palimpsest
            fi
            """;

    private ZshCompletion() {}

    static String script() {
        return TEMPLATE.replace(
                        "{commands}",
                        CommandLineInterface.COMMANDS.stream()
                                .map(command -> "        " + quoted(command.name() + ":" + command.summary()) + "\n")
                                .collect(Collectors.joining()))
                .replace(
                        "{cases}",
                        CommandLineInterface.COMMANDS.stream()
                                .map(ZshCompletion::arguments)
                                .collect(Collectors.joining()));
    }

    private static String arguments(Command command) {
        StringBuilder text = new StringBuilder("        " + command.name() + ")\n            _arguments");
        for (Option option : CommandLineInterface.options(command).getOptions()) {
            text.append(" \\\n                ").append(quoted(option(option)));
        }
        action(Completed.after(command))
                .ifPresent(action -> text.append(" \\\n                ").append(quoted("*:argument:" + action)));
        return text.append("\n            ;;\n").toString();
    }

    private static String option(Option option) {
        String value = option.hasArg()
                ? ":" + option.getArgName() + ":" + action(Completed.of(option)).orElse("")
                : "";
        return "*--" + option.getLongOpt() + "["
                + option.getDescription().replace("[", "\\[").replace("]", "\\]") + "]" + value;
    }

    private static Optional<String> action(Completed offered) {
        return switch (offered) {
            case RECIPES -> Optional.of("_files -g \"*.yaml\"");
            case JARS -> Optional.of("_files -g \"*.jar\"");
            case FOLDERS -> Optional.of("_files -/");
            case FILES -> Optional.of("_files");
            case DATA_SETS, SHELLS -> Optional.of("(" + String.join(" ", offered.words()) + ")");
            case NOTHING -> Optional.empty();
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
