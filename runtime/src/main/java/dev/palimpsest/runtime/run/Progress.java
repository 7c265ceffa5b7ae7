package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.train.TrainingListener;
import java.nio.file.Path;

/** Is told how a run goes: its stages, and the steps of its training. */
public interface Progress extends TrainingListener {
    /** The folder in which all is kept. */
    default void folder(Path run) {}

    /** A stage begins, such as "simulating 11000 observations". */
    default void stage(String what) {}

    /** Training begins; it will take this many steps of this many items. */
    default void training(int steps, int batch) {}

    /** Training has ended. */
    default void trained() {}

    /** Observations of files begin to be restored, so many of them. */
    default void restoring(int items) {}

    /**
     * Of the one that is being restored, a large image, this share has been.
     *
     * @param megapixels how large it is
     */
    default void restoringPart(double share, double megapixels) {}

    /** So many of them have been restored. */
    default void restored(int items) {}

    /** No more will be restored, and what has been is in its place. */
    default void restoringEnded() {}

    /** The run has failed, and can go on from where it was. */
    default void canGoOn() {}

    /** Something that the user should know. */
    default void warning(String message) {}
}
