package dev.palimpsest.runtime.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Ends work in good order on Ctrl-C. */
final class Interruption {
    private static final int SECONDS_TO_SAVE = 60;

    private Interruption() {}

    /**
     * Does the work; on Ctrl-C asks it to stop, waits until it has saved what it has, and ends the program with 130.
     *
     * @param stop asks the work to end, and says whether it has anything to save first; it is called from another thread
     */
    static int handled(BooleanSupplier stop, IntSupplier work) {
        CountDownLatch saved = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(stop, saved), "interrupt"));
        try {
            return work.getAsInt();
        } finally {
            saved.countDown();
        }
    }

    /** At an ordinary end there is nothing to wait for. */
    private static void interrupt(BooleanSupplier stop, CountDownLatch saved) {
        if (saved.getCount() == 0) {
            return;
        }
        try {
            if (stop.getAsBoolean()) {
                saved.await(SECONDS_TO_SAVE, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
}
