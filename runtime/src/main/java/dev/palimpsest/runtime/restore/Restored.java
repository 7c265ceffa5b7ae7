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
 * @param megapixels how large the images are together that it has restored, where their sizes may differ; else 0
 */
public record Restored(
        Path output,
        int items,
        int restored,
        int draws,
        double seconds,
        boolean stopped,
        boolean oneFile,
        double megapixels) {
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
                "restored %d of %d observations%s in %.1f s, %s%s",
                restored,
                items,
                draws > 1 ? ", " + draws + " times each," : "",
                seconds,
                megapixels > 0
                        ? String.format(Locale.ROOT, "%.3f megapixels/s", megapixels * draws / seconds)
                        : String.format(Locale.ROOT, "%.1f images/s", perSecond()),
                stopped
                        ? "; the same command " + (oneFile ? "begins anew" : "goes on from there")
                        : restored < items ? "; the others were restored before" : "");
    }
}
