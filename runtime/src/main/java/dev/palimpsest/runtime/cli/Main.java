package dev.palimpsest.runtime.cli;

import java.nio.file.Path;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Path home = Path.of(System.getProperty("palimpsest.home", "."))
                .toAbsolutePath()
                .normalize();
        boolean terminal = Boolean.getBoolean("palimpsest.terminal");
        System.exit(new CommandLineInterface(new Session(home, System.out, System.err, terminal)).run(arguments));
    }
}
