package dev.palimpsest.api;

import java.util.Objects;

/**
 * How long the layers of one kind took in one forward and one backward pass, in seconds of wall-clock time.
 *
 * @param name the kind, in words: "convolution"
 * @param count how many layers of the kind there are, at least 1
 * @param forwardSeconds in the forward pass, all of them together
 * @param backwardSeconds in the backward pass, all of them together
 */
public record KernelTime(String name, int count, double forwardSeconds, double backwardSeconds) {
    /** @throws IllegalArgumentException if there is no name, or a number is out of its range */
    public KernelTime {
        Objects.requireNonNull(name, "name");
        if (name.isBlank() || count < 1 || !duration(forwardSeconds) || !duration(backwardSeconds)) {
            throw new IllegalArgumentException(
                    "a kernel's time has a name, a count of at least 1 and finite seconds of at least 0, got \"" + name
                            + "\", " + count + ", " + forwardSeconds + " and " + backwardSeconds);
        }
    }

    private static boolean duration(double seconds) {
        return Double.isFinite(seconds) && seconds >= 0;
    }
}
