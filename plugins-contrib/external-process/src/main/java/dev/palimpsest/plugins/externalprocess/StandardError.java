package dev.palimpsest.plugins.externalprocess;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A program's standard error, read as fast as it comes; the last lines are kept to be quoted. */
final class StandardError {
    private static final int LINES = 4;
    private static final int LONGEST = 8192;
    private static final int SHOWN = 200;
    private static final long MILLIS_TO_END = 500;

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> log;
    private final Thread pump;

    StandardError(InputStream pipe, Consumer<String> log) {
        this.log = log;
        pump = new Thread(() -> pump(pipe), "external-process standard error");
        pump.setDaemon(true);
        pump.start();
    }

    private void pump(InputStream pipe) {
        byte[] buffer = new byte[LONGEST];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int n = pipe.read(buffer); n >= 0; n = pipe.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (buffer[i] != '\n') {
                        line.write(buffer[i]);
                    }
                    if (buffer[i] == '\n' || line.size() == LONGEST) {
                        line(line);
                    }
                }
            }
        } catch (IOException closed) {
            // there is nothing more to read
        }
        if (line.size() > 0) {
            line(line);
        }
    }

    private void line(ByteArrayOutputStream bytes) {
        String line = bytes.toString(StandardCharsets.UTF_8).stripTrailing();
        bytes.reset();
        log.accept(line);
        if (!line.isBlank()) {
            keep(line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
        }
    }

    private synchronized void keep(String line) {
        last.addLast(line.strip().replaceAll("\\p{Cntrl}", " "));
        if (last.size() > LINES) {
            last.removeFirst();
        }
    }

    /** Waits until all is read that a program that has ended had written, but not for long: somebody else may still have the pipe. */
    void awaitEnd() throws InterruptedException {
        pump.join(MILLIS_TO_END);
    }

    /** Of a program that has ended: "; the last lines of its standard error: ...", or that there are none. */
    String inWords() throws InterruptedException {
        awaitEnd();
        synchronized (this) {
            return last.isEmpty()
                    ? "; its standard error is empty"
                    : "; its standard error ends with: " + String.join(" | ", last);
        }
    }
}
