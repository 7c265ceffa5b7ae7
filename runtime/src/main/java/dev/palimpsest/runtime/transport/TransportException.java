package dev.palimpsest.runtime.transport;

/** An ODE solver did not reach t = 0. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TransportException(String message) {
        super(message);
    }
}
