package dev.palimpsest.runtime.data;

/** Data that cannot be used; the message names the file, what was expected, what came and what to do. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
