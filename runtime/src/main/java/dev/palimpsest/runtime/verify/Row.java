package dev.palimpsest.runtime.verify;

/**
 * What came of one attempt.
 *
 * @param extension its name in recipes
 * @param tried the promise as a sentence, or what was offered
 * @param message what was expected and what came; empty if it is kept
 */
public record Row(String extension, String tried, Outcome outcome, String message) {
    /** Whether a promise is kept. What an extension refuses to take is no broken promise. */
    public enum Outcome {
        OK,
        FAILED,
        REFUSED
    }

    static Row ok(String extension, String tried) {
        return new Row(extension, tried, Outcome.OK, "");
    }

    static Row failed(String extension, String tried, String message) {
        return new Row(extension, tried, Outcome.FAILED, message);
    }

    static Row refused(String extension, String tried, String message) {
        return new Row(extension, tried, Outcome.REFUSED, message);
    }
}
