package dev.palimpsest.runtime.diagnose;

/**
 * What the theory says of a forward model.
 *
 * @param verdict in one word
 * @param sentence where, why, and what to do
 */
public record Finding(Verdict verdict, String sentence) {
    /** What becomes of the clean law, or of a part of it; the worst comes first. */
    public enum Verdict {
        /** The mean's error grows from round to round. */
        DIVERGES("diverges"),
        /** Directions that do not reach y keep the law that they have at the start. */
        NOT_RECOVERABLE("not recoverable"),
        /** The mean's error would grow, were there any. */
        UNSTABLE("unstable"),
        /** It converges in more rounds than the training has. */
        SLOW("slow"),
        /** The forward model is not affine, so that the theory says nothing. */
        CANNOT_BE_TOLD("cannot be told"),
        /** It converges. */
        RECOVERABLE("recoverable");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** As it is written for readers. */
        public String words() {
            return words;
        }
    }
}
