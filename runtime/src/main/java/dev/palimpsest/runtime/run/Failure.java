package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.recipe.RecipeException;
import dev.palimpsest.runtime.train.TrainingException;
import dev.palimpsest.runtime.transport.TransportException;
import java.io.UncheckedIOException;

/** Why something failed, in words for the user. */
public final class Failure {
    private Failure() {}

    /** The message of an exception that was written for the user; of any other, what to do about it. */
    public static String inWords(Throwable thrown) {
        if (thrown instanceof RecipeException
                || thrown instanceof DataException
                || thrown instanceof PluginException
                || thrown instanceof RunException
                || thrown instanceof TrainingException
                || thrown instanceof TransportException
                || thrown instanceof UncheckedIOException) {
            return thrown.getMessage();
        }
        return thrown instanceof OutOfMemoryError
                ? "out of memory (" + thrown.getMessage()
                        + "); use a smaller train.batch, a smaller drift or fewer data"
                : "unexpected " + thrown + "; run again with --debug and report what it shows";
    }
}
