package dev.palimpsest.runtime.cli;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** One command of the program. */
interface Command {
    String name();

    /** What follows the name on the command line. */
    String arguments();

    /** What it does, in one sentence without a full stop. */
    String summary();

    /** Lines of shell to start from, two at least, the simplest first; what a line does beside what the command is for follows a {@code #}. */
    List<String> examples();

    /** Options that only this command has. */
    default Options options() {
        return new Options();
    }

    /** Does it, and returns the exit code. */
    int run(CommandLine line, Session session);

    /** The arguments, of which at least {@code least} and at most {@code most} must be there. */
    default List<String> arguments(CommandLine line, int least, int most) {
        List<String> given = line.getArgList();
        if (given.size() < least || given.size() > most) {
            throw new UsageException("usage: palimpsest " + name() + " " + arguments());
        }
        return given;
    }

    /** An option with a value, such as {@code --runs DIR}. */
    static Option option(String name, String argument, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .desc(description)
                .get();
    }

    /** An option without a value. */
    static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }
}
