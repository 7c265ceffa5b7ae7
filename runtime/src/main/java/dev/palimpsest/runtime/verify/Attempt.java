package dev.palimpsest.runtime.verify;

import dev.palimpsest.runtime.plugin.Causes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a piece of a plugin's code ended, on a thread of its own with the plugin's class loader as its context.
 *
 * @param thrown what it threw; empty if it ended well, or not at all
 * @param ended false if it did not come back in time
 */
record Attempt(Optional<Throwable> thrown, boolean ended) {
    static Attempt of(ClassLoader loader, Duration limit, Runnable code) {
        FutureTask<Boolean> task = new FutureTask<>(code, true);
        Thread thread = new Thread(task, "verify");
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Attempt(Optional.empty(), true);
        } catch (ExecutionException e) {
            return new Attempt(Optional.of(e.getCause()), true);
        } catch (TimeoutException e) {
            thread.interrupt();
            return new Attempt(Optional.empty(), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a check was running", e);
        }
    }

    boolean refused() {
        return thrown.isPresent() && thrown.get() instanceof IllegalArgumentException;
    }

    /** What the plugin said, or did wrong, in one line. */
    String message() {
        return thrown.map(what -> what instanceof AssertionError || what instanceof IllegalArgumentException
                        ? String.valueOf(what.getMessage()).strip().replaceAll("\\s+", " ")
                        : Causes.of(what))
                .orElse("");
    }
}
