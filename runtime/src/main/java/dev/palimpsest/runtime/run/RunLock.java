package dev.palimpsest.runtime.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes out of a run folder. */
final class RunLock {
    private static final String FILE = ".lock";

    private RunLock() {}

    /**
     * Does something in a folder while no other process can; the lock ends with the work, or with the process in whatever way.
     *
     * @throws RunException if another process is at work in it
     */
    static void whileHeld(RunFolder folder, Runnable work) {
        Path file = folder.path().resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!locked(channel)) {
                throw new RunException("another process is at work in " + folder.path()
                        + "; wait for its end, or stop it, and try again");
            }
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException byThisProcess) {
            return false;
        }
    }
}
