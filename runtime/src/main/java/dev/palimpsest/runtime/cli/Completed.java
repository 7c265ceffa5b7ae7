package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.data.Published;
import java.util.List;
import org.apache.commons.cli.Option;

/** What a shell offers for an argument or for the value of an option. */
enum Completed {
    RECIPES,
    FOLDERS,
    JARS,
    FILES,
    DATA_SETS,
    SHELLS,
    NOTHING;

    /** For what follows the name of a command. */
    static Completed after(Command command) {
        String first = command.arguments().split(" ")[0];
        return switch (first) {
            case "RECIPE" -> RECIPES;
            case "RUN" -> FOLDERS;
            case "JAR" -> JARS;
            case "bash|zsh" -> SHELLS;
            default -> command instanceof DataCommand ? DATA_SETS : NOTHING;
        };
    }

    /** For the value of an option. */
    static Completed of(Option option) {
        return switch (option.getArgName()) {
            case "DIR", "RUN" -> FOLDERS;
            case "FILE", "FILES" -> FILES;
            default -> NOTHING;
        };
    }

    /** The words, where there is a fixed choice. */
    List<String> words() {
        return switch (this) {
            case DATA_SETS -> Published.ALL.stream().map(Published::name).toList();
            case SHELLS -> List.of("bash", "zsh");
            default -> List.of();
        };
    }
}
