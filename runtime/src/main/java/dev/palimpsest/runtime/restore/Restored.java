package dev.palimpsest.runtime.restore;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What a call has restored.
 *
 * @param items how many observations there are
 * @param restored how many of them this call has restored
 * @param draws how many times each
 * @param seconds it took
 * @param stopped whether it was stopped before all were restored
 * @param oneFile whether the results are one file, of which a stopped call leaves nothing
 */
public record Restored(
        Path output, int items, int restored, int draws, double seconds, boolean stopped, boolean oneFile) {
    /** Restorations in a second. */
    public double perSecond() {
        return restored * draws / seconds;
    }

    /** In one line. */
    @Override
    public String toString() {
        if (restored == 0 && !stopped) {
            return "all " + items + " observations were restored before";
        }
        return String.format(
                Locale.ROOT,
                "restored %d of %d observations%s in %.1f s, %.1f images/s%s",
                restored,
                items,
                draws > 1 ? ", " + draws + " times each," : "",
                seconds,
                perSecond(),
                stopped
                        ? "; the same command " + (oneFile ? "begins anew" : "goes on from there")
                        : restored < items ? "; the others were restored before" : "");
    }
}
