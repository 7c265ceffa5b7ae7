package dev.palimpsest.plugins.externalprocess;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What is written to a program's standard input, by a thread of its own: a program that does not read blocks nobody else. */
final class Outgoing {
    private static final int PIECE = 1 << 15;

    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final Thread pump;
    private volatile long size;
    private volatile long taken;
    private volatile boolean refused;

    Outgoing(OutputStream pipe) {
        pump = new Thread(() -> pump(pipe), "external-process standard input");
        pump.setDaemon(true);
        pump.start();
    }

    private void pump(OutputStream pipe) {
        try (pipe) {
            while (true) {
                byte[] message = messages.take();
                for (int done = 0; done < message.length; done += PIECE) {
                    int n = Math.min(PIECE, message.length - done);
                    pipe.write(message, done, n);
                    pipe.flush();
                    taken = done + n;
                }
            }
        } catch (IOException closed) {
            refused = true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    void send(byte[] message) {
        size = message.length;
        taken = 0;
        messages.add(message);
    }

    /** How much of the last message the program, or the pipe to it, has taken. */
    String progress() {
        return "took " + taken + " of the " + size + " bytes of the frame"
                + (refused ? ", then closed its standard input" : "");
    }

    void close() {
        pump.interrupt();
    }
}
