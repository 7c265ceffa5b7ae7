package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.FileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** Keeps other processes out of a folder. */
public final class FolderLock {
    private static final String FILE = ".lock";

    private FolderLock() {}

    /**
     * Does something in a folder while no other process can; the lock ends with the work, or with the process in whatever way.
     *
     * @param refusal what to tell where another is at work in it
     * @throws RunException if one is
     */
    public static void whileHeld(Path folder, String refusal, Runnable work) {
        whileHeld(folder, refusal, () -> {
            work.run();
            return true;
        });
    }

    /**
     * Does the same, and returns what comes of it.
     *
     * @throws RunException if another process is at work in the folder
     */
    public static <T> T whileHeld(Path folder, String refusal, Supplier<T> work) {
        Path file = folder.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!locked(channel)) {
                throw new RunException(refusal);
            }
            return work.get();
        } catch (IOException e) {
            throw new FileException("lock " + file, e);
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
