package dev.palimpsest.plugins.externalprocess;

import dev.palimpsest.plugins.externalprocess.Answer.Conditioning;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process: it says hello, then answers frames, each within its time. Whatever it does wrong ends it, and what it had started. */
final class Program {
    private static final int LONGEST_HELLO = 256;
    private static final int LONGEST_LINE = 4096;
    private static final long MILLIS_TO_EXIT = 1000;
    private static final int SIGNALS = 128;
    private static final Map<Integer, String> SIGNAL_NAMES = Map.of(
            1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV",
            13, "SIGPIPE", 15, "SIGTERM");

    private final ExternalProcess settings;
    private final long begun = System.nanoTime();
    private final ProcessTree tree;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private final StandardError standardError;
    private Hello hello;
    private long frames;

    private Program(ExternalProcess settings, ProcessTree tree, int number, ErrorLog log) {
        this.settings = settings;
        this.tree = tree;
        Process process = tree.process();
        outgoing = new Outgoing(process.getOutputStream());
        incoming = new Incoming(process.getInputStream());
        standardError = new StandardError(process.getErrorStream(), line -> log.line(number, line));
    }

    /** Throws UncheckedIOException if it cannot be started. */
    static Program start(ExternalProcess settings, int number, ErrorLog log) {
        try {
            return new Program(settings, LiveProcesses.start(settings.command()), number, log);
        } catch (IOException e) {
            throw failure(settings, whyNotStarted(settings.command().get(0), e));
        }
    }

    private static String whyNotStarted(String name, IOException e) {
        File file = new File(name);
        if (file.getParent() != null || file.isAbsolute()) {
            return file.exists()
                    ? "cannot be started (" + e.getMessage() + "): is it a program, and executable?"
                    : "there is no program " + file.getAbsolutePath()
                            + "; a relative path is taken from the working directory";
        }
        String folders = System.getenv().getOrDefault("PATH", "");
        for (String folder : folders.split(File.pathSeparator)) {
            if (new File(folder, name).exists()) {
                return "cannot be started (" + e.getMessage() + ")";
            }
        }
        return "there is no program \"" + name + "\" in the folders of PATH, " + folders
                + "; install it, or give its path";
    }

    /** Waits for the hello. */
    Hello hello() {
        return guarded("its hello line, \"" + Hello.FORM + "\"", () -> {
            hello = Hello.parse(incoming.line(LONGEST_HELLO, begun + nanos(settings.startTimeout())));
            requireNothingUnread();
            tree.look();
            return hello;
        });
    }

    /** Sends a frame and waits for its answer. */
    Answer answer(Frame frame) {
        frames++;
        return guarded("its answer to frame " + frames, () -> {
            requireNothingUnread();
            incoming.begin();
            long deadline = System.nanoTime() + nanos(settings.timeout());
            outgoing.send(NpyArray.message("frame " + frames + " " + frame.seed(), frame));
            requireFrame(incoming.line(LONGEST_LINE, deadline));
            float[] y = NpyArray.read("y", incoming, frame.shape(), deadline);
            Optional<long[]> shape = hello.conditioningOf(frame.shape());
            Optional<Conditioning> conditioning = shape.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Conditioning(
                            NpyArray.read("conditioning", incoming, shape.get(), deadline), shape.get()));
            requireNothingUnread();
            tree.look();
            return new Answer(y, conditioning);
        });
    }

    private void requireFrame(String line) throws Misbehaviour {
        if (line.startsWith("error ")) {
            throw new Misbehaviour("said of frame " + frames + ": "
                    + line.substring("error ".length()).strip().replaceAll("\\p{Cntrl}", " "));
        }
        if (!line.equals("frame " + frames)) {
            throw new Misbehaviour("expected the line \"frame " + frames + "\" (or \"error <text>\"), got \""
                    + Printable.of(line)
                    + "\"; standard output is for frames alone: print anything else to standard error");
        }
    }

    private void requireNothingUnread() throws Misbehaviour {
        byte[] unread = incoming.unread();
        if (unread.length > 0) {
            throw new Misbehaviour(
                    "wrote more than was asked for " + (frames == 0 ? "after its hello" : "around frame " + frames)
                            + ", beginning with \"" + Printable.of(unread)
                            + "\"; standard output is for frames alone: print anything else to standard error");
        }
    }

    /** Ends it. */
    void end() {
        LiveProcesses.kill(tree);
        outgoing.close();
        incoming.close();
    }

    /** After its end, waits for the last lines of its standard error. */
    void awaitLastLines() throws InterruptedException {
        standardError.awaitEnd();
    }

    private interface Exchange<R> {
        R run() throws Misbehaviour, EOFException, TimeoutException, InterruptedException;
    }

    private <R> R guarded(String awaited, Exchange<R> exchange) {
        try {
            try {
                return exchange.run();
            } catch (Misbehaviour wrong) {
                throw failed(wrong.getMessage());
            } catch (EOFException ended) {
                throw failed(howItEnded() + soFar(" before ", awaited));
            } catch (TimeoutException silent) {
                throw failed("expected " + awaited + " within " + seconds() + soFar(", got nothing", "")
                        + (frames == 0 ? "" : "; it " + outgoing.progress()));
            }
        } catch (InterruptedException stopped) {
            end();
            Thread.currentThread().interrupt();
            throw interrupted(settings);
        }
    }

    /** Where nothing of a message has come, words for that; else how much has. */
    private String soFar(String ifNothing, String awaited) {
        return incoming.heard() == 0
                ? ifNothing + awaited
                : (awaited.isEmpty() ? ", got only " : " after the first ") + incoming.heard() + " bytes of "
                        + (awaited.isEmpty() ? "it" : awaited) + ", beginning with \"" + incoming.beginning() + "\"";
    }

    private String howItEnded() throws InterruptedException {
        if (!tree.process().waitFor(MILLIS_TO_EXIT, TimeUnit.MILLISECONDS)) {
            return "closed its standard output";
        }
        if (LiveProcesses.ending()) {
            return "was ended with Palimpsest";
        }
        int code = tree.process().exitValue();
        return SIGNAL_NAMES.containsKey(code - SIGNALS)
                ? "was killed by signal " + (code - SIGNALS) + " (" + SIGNAL_NAMES.get(code - SIGNALS) + ")"
                : "ended with exit code " + code;
    }

    private UncheckedIOException failed(String reason) throws InterruptedException {
        end();
        return failure(settings, reason + standardError.inWords());
    }

    static UncheckedIOException interrupted(ExternalProcess settings) {
        return failure(settings, "was ended, because the thread that waited for it was interrupted");
    }

    static UncheckedIOException failure(ExternalProcess settings, String reason) {
        return failure(String.join(" ", settings.command()) + ": " + reason);
    }

    static UncheckedIOException failure(String message) {
        return new UncheckedIOException(message, new IOException(message));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    /** What it had: without a frame it is its hello that it owed. */
    private String seconds() {
        return BigDecimal.valueOf(frames == 0 ? settings.startTimeout() : settings.timeout())
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
    }
}
