package dev.palimpsest.runtime.plugin;

import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what goes wrong while a plugin's classes are loaded into a sentence that says what to do. */
public final class Causes {
    private static final Pattern CLASS_FILE = Pattern.compile("class file version (\\d+)");
    private static final Pattern PROVIDER = Pattern.compile("(?:Provider )?(\\S+) (not found|not a subtype)");
    private static final Pattern CONSTRUCTOR = Pattern.compile("(\\S+) Unable to get public no-arg constructor");
    /** Version 45 of the class file was Java 1. */
    private static final int CLASS_FILE_OF_JAVA_0 = 44;

    private Causes() {}

    /** A sentence that follows the plugin's name. */
    public static String of(Throwable thrown) {
        if (thrown instanceof UnsupportedClassVersionError newer) {
            return "is built for " + java(newer.getMessage()) + ", but this is Java "
                    + Runtime.version().feature() + ": run with a newer Java, or rebuild it with --release "
                    + Runtime.version().feature();
        }
        if (thrown instanceof NoClassDefFoundError
                && String.valueOf(thrown.getMessage()).startsWith("Could not initialize class")) {
            return "fails again where its static initialiser failed before (" + thrown.getMessage()
                    + "): this is a defect of the plugin";
        }
        if (thrown instanceof NoClassDefFoundError || thrown instanceof TypeNotPresentException) {
            return missing(thrown);
        }
        if (thrown instanceof ExceptionInInitializerError) {
            Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
            return cause instanceof NoClassDefFoundError
                    ? missing(cause)
                    : "its static initialiser threw " + describe(cause) + ": this is a defect of the plugin";
        }
        if (thrown instanceof LinkageError) {
            return "cannot be linked (" + describe(thrown) + "): rebuild it against this version of the API";
        }
        return "threw " + describe(thrown) + ": this is a defect of the plugin";
    }

    /** What an exception that is thrown to be read says, on one line. */
    static String sentence(RuntimeException told) {
        return told.getMessage() == null ? "threw " + describe(told) : oneLine(told.getMessage());
    }

    /** The exception's class and message on one line. */
    static String describe(Throwable thrown) {
        String message = thrown.getMessage();
        return thrown.getClass().getName() + (message == null ? "" : ": " + oneLine(message));
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** What is wrong with one provider of a kind, or with the file that lists them. */
    static String ofService(ServiceConfigurationError error, Class<?> kind) {
        Throwable cause = error.getCause();
        String message = error.getMessage().replaceFirst("^" + Pattern.quote(kind.getName() + ": "), "");
        String file = "META-INF/services/" + kind.getName();
        Matcher provider = PROVIDER.matcher(message);
        if (provider.matches()) {
            return provider.group(2).equals("not found")
                    ? file + " names " + provider.group(1) + ", which is not in the JAR: correct the name"
                    : provider.group(1) + " does not implement " + kind.getSimpleName() + ", but " + file
                            + " names it: implement it, or list it under what it implements";
        }
        Matcher constructor = CONSTRUCTOR.matcher(message);
        if (constructor.matches()) {
            return constructor.group(1)
                    + " has no public constructor without arguments: add one that sets the defaults of its keys";
        }
        if (cause instanceof LinkageError) {
            return of(cause);
        }
        if (cause != null) {
            return message.replace("Provider ", "") + ": its constructor without arguments threw " + describe(cause)
                    + ": its defaults must be values that it accepts";
        }
        return file + " cannot be read (" + message + "): write one class name a line";
    }

    private static String missing(Throwable thrown) {
        String name = thrown instanceof TypeNotPresentException absent
                ? absent.typeName()
                : String.valueOf(thrown.getMessage());
        return "needs the class " + name.replace('/', '.')
                + ", which is neither in the JAR nor in the API: bundle the library that has it in the JAR";
    }

    private static String java(String message) {
        Matcher version = CLASS_FILE.matcher(message);
        return version.find() ? "Java " + (Integer.parseInt(version.group(1)) - CLASS_FILE_OF_JAVA_0) : "a newer Java";
    }
}
