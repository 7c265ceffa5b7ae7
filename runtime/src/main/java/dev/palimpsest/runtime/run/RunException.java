package dev.palimpsest.runtime.run;

/** A run cannot be done, or failed; the message says why and what to do. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunException(String message) {
        super(message);
    }
}
