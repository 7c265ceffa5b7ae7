package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeException;
import dev.palimpsest.runtime.run.Failure;
import dev.palimpsest.runtime.run.RunException;
import dev.palimpsest.runtime.train.TrainingException;
import dev.palimpsest.runtime.transport.TransportException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Finds the command, parses its options, and turns what goes wrong into one line and an exit code. */
final class CommandLineInterface {
    static final String PLUGINS = "plugins";
    static final String LOCKED = "locked";
    static final String RUNS = "runs";
    private static final String DEBUG = "debug";
    private static final String HELP = "help";

    /** All commands, in the order in which they are listed. */
    static final List<Command> COMMANDS = List.of(
            new RunCommand(),
            new ResumeCommand(),
            new RestoreCommand(),
            new ReportCommand(),
            new CheckCommand(),
            new CompareCommand(),
            new DiagnoseCommand(),
            new BiasCommand(),
            new BenchCommand(),
            new DataCommand(),
            new EnvironmentCommand(),
            new PluginsCommand(),
            new DescribeCommand(),
            new SchemaCommand(),
            new ClasspathCommand(),
            new VerifyCommand(),
            new CompletionCommand());

    private final Session session;

    CommandLineInterface(Session session) {
        this.session = session;
    }

    int run(String[] arguments) {
        boolean debug = Arrays.asList(arguments).contains("--" + DEBUG);
        try {
            return dispatch(arguments);
        } catch (UsageException | RecipeException | DataException e) {
            return fail(e, ExitCode.USAGE, debug);
        } catch (InvalidPathException e) {
            return fail(
                    e.getInput() + ": expected the name of a file or folder, got what cannot be one here ("
                            + e.getReason()
                            + "); name another, or where it has letters that the locale does not know, set LC_ALL=C.UTF-8",
                    e,
                    ExitCode.USAGE,
                    debug);
        } catch (PluginException e) {
            return fail(e, ExitCode.PLUGIN, debug);
        } catch (RunException | TrainingException | TransportException | UncheckedIOException e) {
            return fail(e, ExitCode.FAILED, debug);
        } catch (RuntimeException | OutOfMemoryError e) {
            return fail(Failure.inWords(e), e, ExitCode.FAILED, debug);
        }
    }

    private int dispatch(String[] arguments) {
        if (arguments.length == 0 || List.of("help", "--help", "-h").contains(arguments[0])) {
            session.out().print(help());
            return arguments.length == 0 ? ExitCode.USAGE : ExitCode.DONE;
        }
        if (arguments[0].equals("--version")) {
            session.out().println("palimpsest " + Plugins.apiVersion());
            return ExitCode.DONE;
        }
        Command command = COMMANDS.stream()
                .filter(c -> c.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no command \"" + arguments[0] + "\"; palimpsest --help lists them"));
        Options options = options(command);
        CommandLine line;
        try {
            line = new DefaultParser(false).parse(options, Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (ParseException e) {
            throw new UsageException(e.getMessage() + "; palimpsest " + command.name() + " --help lists the options");
        }
        if (line.hasOption(HELP)) {
            session.out().print(help(command, options));
            return ExitCode.DONE;
        }
        return command.run(line, session);
    }

    /** The options of a command, with those that all have. */
    static Options options(Command command) {
        Options options = command.options();
        options.addOption(Command.option(PLUGINS, "DIR", "a folder with more plugin JARs; may be repeated"));
        options.addOption(Command.option(LOCKED, "FILE", "refuse plugin JARs that are not in this plugins.lock"));
        options.addOption(Command.flag(DEBUG, "show the stack trace of an error"));
        options.addOption(Option.builder("h").longOpt(HELP).desc("show this").get());
        return options;
    }

    private String help() {
        StringBuilder text = new StringBuilder("usage: palimpsest COMMAND [ARGUMENTS] [OPTIONS]\n\n");
        for (Command command : COMMANDS) {
            text.append(String.format("  %-44s %s%n", command.name() + " " + command.arguments(), command.summary()));
        }
        return text.append(
                        "\npalimpsest COMMAND --help shows a command's options. Exit codes: 0 done, 1 the run failed, 2 usage, recipe or data, 3 plugin, 130 interrupted.\n")
                .toString();
    }

    private static String help(Command command, Options options) {
        StringBuilder text = new StringBuilder();
        text.append("usage: palimpsest ")
                .append(command.name())
                .append(' ')
                .append(command.arguments())
                .append("\n\n");
        text.append(command.summary()).append(".\n\n");
        for (Option option : options.getOptions()) {
            String name = "--" + option.getLongOpt()
                    + Optional.ofNullable(option.getArgName()).map(a -> " " + a).orElse("");
            text.append(String.format("  %-20s %s%n", name, option.getDescription()));
        }
        text.append("\nexamples:\n");
        command.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        return text.toString();
    }

    private int fail(Exception e, int code, boolean debug) {
        return fail(e.getMessage(), e, code, debug);
    }

    private int fail(String message, Throwable cause, int code, boolean debug) {
        session.err().println(message);
        if (debug) {
            cause.printStackTrace(session.err());
        }
        return code;
    }
}
