package dev.palimpsest.runtime.plugin;

/** A plugin, or the folder or lock that it comes from, cannot be used; the message names it, what was expected, what came and what to do. */
public final class PluginException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PluginException(String message) {
        super(message);
    }

    public PluginException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, saying also where it happened: {@code at("training step 42")} appends ", in training step 42". */
    public PluginException at(String where) {
        return new PluginException(getMessage() + ", in " + where, this);
    }
}
