package dev.palimpsest.runtime.cli;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/** A script that tells bash (3.2 or newer) of all commands and options. */
final class BashCompletion {
    private static final String TEMPLATE = """
            # Completion of palimpsest for bash: eval "$(palimpsest completion bash)"
            _palimpsest() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} IFS=$'\\n'
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W $'{commands}' -- "$word"))
                    return
                fi
                case ${COMP_WORDS[1]}:$before in
            {values}    esac
                if [[ $word == -* ]]; then
                    case ${COMP_WORDS[1]} in
            {options}        esac
                    return
                fi
                case ${COMP_WORDS[1]} in
            {arguments}    esac
            }
            complete -o filenames -F _palimpsest palimpsest
            """;

    private BashCompletion() {}

    static String script() {
        Map<Completed, Collection<String>> values = new TreeMap<>();
        Map<Completed, Collection<String>> arguments = new TreeMap<>();
        StringBuilder options = new StringBuilder();
        for (Command command : CommandLineInterface.COMMANDS) {
            arguments
                    .computeIfAbsent(Completed.after(command), none -> new TreeSet<>())
                    .add(command.name());
            Collection<Option> all = CommandLineInterface.options(command).getOptions();
            all.stream()
                    .filter(Option::hasArg)
                    .forEach(option -> values.computeIfAbsent(Completed.of(option), none -> new TreeSet<>())
                            .add(command.name() + ":--" + option.getLongOpt()));
            options.append(line(
                    3, command.name(), words(all.stream().map(option -> "--" + option.getLongOpt())) + " ;;"));
        }
        return TEMPLATE.replace(
                        "{commands}",
                        joined(Stream.concat(
                                CommandLineInterface.COMMANDS.stream().map(Command::name),
                                Stream.of("--help", "--version"))))
                .replace("{values}", cases(2, values, offered -> files(offered) + "return ;;"))
                .replace("{options}", options)
                .replace("{arguments}", cases(2, arguments, offered -> files(offered) + ";;"));
    }

    private static String cases(
            int depth, Map<Completed, Collection<String>> patterns, Function<Completed, String> body) {
        return patterns.entrySet().stream()
                .map(entry -> line(depth, String.join(" | ", entry.getValue()), body.apply(entry.getKey())))
                .collect(Collectors.joining());
    }

    private static String line(int depth, String pattern, String body) {
        return "    ".repeat(depth) + pattern + ") " + body + "\n";
    }

    private static String files(Completed offered) {
        return switch (offered) {
            case RECIPES -> ofKind("yaml");
            case JARS -> ofKind("jar");
            case FOLDERS -> reply("-d") + "; ";
            case FILES -> reply("-f") + "; ";
            case DATA_SETS, SHELLS -> words(offered.words().stream()) + "; ";
            case NOTHING -> "";
        };
    }

    /** Files of a kind, and the folders in which there may be some. */
    private static String ofKind(String ending) {
        return "COMPREPLY=($(compgen -d -- \"$word\") $(compgen -f -X '!*." + ending + "' -- \"$word\")); ";
    }

    private static String words(Stream<String> words) {
        return reply("-W $'" + joined(words) + "'");
    }

    private static String joined(Stream<String> words) {
        return words.collect(Collectors.joining("\\n"));
    }

    private static String reply(String what) {
        return "COMPREPLY=($(compgen " + what + " -- \"$word\"))";
    }
}
