package dev.palimpsest.plugins.externalprocess;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a program writes to its standard output, read within a deadline: a thread of its own waits for the pipe, which nothing can interrupt. */
final class Incoming {
    private static final int CHUNK = 1 << 16;
    private static final int CHUNKS = 16;
    private static final int SHOWN = 40;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread pump;
    private byte[] current = {};
    private int position;
    private boolean ended;
    private long heard;
    private final byte[] first = new byte[SHOWN];

    Incoming(InputStream pipe) {
        pump = new Thread(() -> pump(pipe), "external-process standard output");
        pump.setDaemon(true);
        pump.start();
    }

    private void pump(InputStream pipe) {
        byte[] buffer = new byte[CHUNK];
        try {
            try {
                for (int n = pipe.read(buffer); n >= 0; n = pipe.read(buffer)) {
                    chunks.put(Arrays.copyOf(buffer, n));
                }
            } catch (IOException closed) {
                // the program's end is what its reader is told in either case
            }
            chunks.put(END);
        } catch (InterruptedException programEnded) {
            chunks.clear();
            chunks.add(END);
        }
    }

    /** From here on the bytes of another message are counted. */
    void begin() {
        heard = 0;
    }

    /** How many bytes of the message have been read. */
    long heard() {
        return heard;
    }

    /** The first bytes of the message, fit to be shown. */
    String beginning() {
        return Printable.of(Arrays.copyOf(first, (int) Math.min(heard, SHOWN)));
    }

    /** A line without its end; what is longer than {@code most} bytes is no line and comes back as far as that. */
    String line(int most, long deadline) throws EOFException, TimeoutException, InterruptedException {
        byte[] line = new byte[most];
        int length = 0;
        while (length < most) {
            fill(deadline);
            byte next = take();
            if (next == '\n') {
                break;
            }
            line[length++] = next;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    byte[] bytes(int count, long deadline) throws EOFException, TimeoutException, InterruptedException {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count; ) {
            fill(deadline);
            int n = Math.min(count - done, current.length - position);
            System.arraycopy(current, position, bytes, done, n);
            remember(current, position, n);
            position += n;
            done += n;
        }
        return bytes;
    }

    /** What has come already and nobody asked for; it is gone after this. */
    byte[] unread() {
        byte[] rest = Arrays.copyOfRange(current, position, current.length);
        position = current.length;
        byte[] next = rest.length == 0 ? chunks.peek() : null;
        return next == null ? rest : next;
    }

    /** The program has been ended: whoever waits for it is told, and nothing waits to be read. */
    void close() {
        pump.interrupt();
    }

    private byte take() {
        remember(current, position, 1);
        return current[position++];
    }

    private void remember(byte[] from, int start, int n) {
        if (heard < SHOWN) {
            System.arraycopy(from, start, first, (int) heard, (int) Math.min(n, SHOWN - heard));
        }
        heard += n;
    }

    private void fill(long deadline) throws EOFException, TimeoutException, InterruptedException {
        while (position == current.length) {
            byte[] next = ended ? END : chunks.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new TimeoutException();
            }
            if (next == END) {
                ended = true;
                throw new EOFException();
            }
            current = next;
            position = 0;
        }
    }
}
