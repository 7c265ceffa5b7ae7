package dev.palimpsest.runtime.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** How messages put what was written. */
final class Words {
    private static final int LONGEST = 60;
    private static final int FARTHEST = 3;

    private Words() {}

    /** Text in quotes, on one line and not too long. */
    static String quoted(String text) {
        int[] characters = text.codePoints().limit(LONGEST + 1).toArray();
        String start = new String(characters, 0, Math.min(characters.length, LONGEST));
        String printable = start.codePoints()
                .mapToObj(c -> Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR
                        ? String.format("\\u%04x", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
        return "\"" + printable + (characters.length > LONGEST ? "..." : "") + "\"";
    }

    /** The known name that was most likely meant, if any is near. */
    static Optional<String> nearest(String name, Collection<String> known) {
        int farthest = Math.min(FARTHEST, Math.max(1, name.length() / 3));
        DamerauLevenshteinDistance distance = new DamerauLevenshteinDistance(farthest);
        record Candidate(String name, int distance) {}
        return known.stream()
                .map(candidate -> new Candidate(candidate, distance.apply(folded(name), folded(candidate))))
                .filter(candidate -> candidate.distance() >= 0)
                .min(Comparator.comparingInt(Candidate::distance))
                .map(Candidate::name);
    }

    /** What to do about an unknown name: {@code ; did you mean "sigma"?} or {@code ; it can be: sigma, noise}. */
    static String suggestion(String name, Collection<String> known) {
        return nearest(name, known)
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElse(known.isEmpty() ? "; none is known here" : "; it can be: " + String.join(", ", known));
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
