package dev.palimpsest.runtime.restore;

import java.util.Locale;

/** What is written for each observation. */
public enum Estimate {
    /** Phi(y), which is distributed as the clean items are. */
    SAMPLE,
    /** E[x | y], the best estimate of the item in mean square. */
    MEAN,
    BOTH;

    /** As it is written on the command line and in the manifest. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
