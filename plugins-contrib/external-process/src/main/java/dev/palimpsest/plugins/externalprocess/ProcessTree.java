package dev.palimpsest.plugins.externalprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process and all that it has started. A child whose parent has ended is nobody's descendant any more: those seen before are remembered, and where processes show
 * their environment (Linux), all are found by a mark that they inherit. A handle is a number and the instant of the start, so that none is taken for another that has
 * its number by now.
 */
final class ProcessTree {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String VARIABLE = "PALIMPSEST_PROGRAM";
    private static final String OURS = UUID.randomUUID() + "-";
    private static final AtomicLong STARTED = new AtomicLong();
    private static final long NANOS_BETWEEN_LOOKS = Duration.ofSeconds(1).toNanos();

    private final Process process;
    private final String mark;
    private final Set<ProcessHandle> seen = new HashSet<>();
    private long looked = System.nanoTime() - NANOS_BETWEEN_LOOKS;

    private ProcessTree(Process process, String mark) {
        this.process = process;
        this.mark = mark;
    }

    /** Throws IOException if there is no such program. */
    static ProcessTree start(List<String> command) throws IOException {
        String mark = OURS + STARTED.incrementAndGet();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(VARIABLE, mark);
        return new ProcessTree(builder.start(), mark);
    }

    Process process() {
        return process;
    }

    /** Remembers what runs, unless it has just done so: each look goes through all processes of the machine. */
    synchronized void look() {
        if (System.nanoTime() - looked >= NANOS_BETWEEN_LOOKS) {
            seen.removeIf(each -> !each.isAlive());
            seen.addAll(descendants(process.toHandle()));
            looked = System.nanoTime();
        }
    }

    void kill() {
        killSeen();
        killMarked(mark + "\0");
    }

    /** All at once, so that the processes of the machine are gone through once. */
    static void killAll(Collection<ProcessTree> trees) {
        trees.forEach(ProcessTree::killSeen);
        killMarked(OURS);
    }

    private synchronized void killSeen() {
        seen.addAll(descendants(process.toHandle()));
        List.copyOf(seen).forEach(each -> seen.addAll(descendants(each)));
        process.toHandle()
                .destroyForcibly(); // Process.destroyForcibly would close its streams, and so lose its last lines
        seen.forEach(ProcessHandle::destroyForcibly);
    }

    private static void killMarked(String mark) {
        if (Files.isDirectory(PROCESSES)) {
            ProcessHandle.allProcesses()
                    .filter(each -> environment(each).contains(VARIABLE + "=" + mark))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Of a process that is dead the number may be another's by now, and so may be the descendants. */
    private static List<ProcessHandle> descendants(ProcessHandle of) {
        List<ProcessHandle> descendants = of.descendants().toList();
        return of.isAlive() ? descendants : List.of();
    }

    /** Each variable ends with a NUL; of a process of somebody else there is nothing to see. */
    private static String environment(ProcessHandle of) {
        try {
            return Files.readString(PROCESSES.resolve(of.pid() + "").resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException notOurs) {
            return "";
        }
    }
}
