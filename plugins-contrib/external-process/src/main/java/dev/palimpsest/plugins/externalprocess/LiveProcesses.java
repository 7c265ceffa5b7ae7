package dev.palimpsest.plugins.externalprocess;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All processes that run, so that none outlives the JVM. */
final class LiveProcesses {
    private static final Set<Process> LIVE = new HashSet<>();
    private static boolean hooked;
    private static boolean ending;

    private LiveProcesses() {}

    /** Throws IOException if there is no such program, or the JVM is about to end. */
    static synchronized Process start(List<String> command) throws IOException {
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(LiveProcesses::killAll, "external-process end"));
            hooked = true;
        }
        if (ending) {
            throw new IOException("Palimpsest is ending");
        }
        Process process = new ProcessBuilder(command).start();
        LIVE.add(process);
        return process;
    }

    /** Ends a process and what it has started, and does not ask. */
    static synchronized void kill(Process process) {
        LIVE.remove(process);
        killTree(process);
    }

    /** Whether the JVM is about to end, and has ended all processes for that reason. */
    static synchronized boolean ending() {
        return ending;
    }

    /** Waits for nothing: an interrupted run halts the JVM as soon as its weights are saved. No class may be loaded here, since the plugin's JAR is closed. */
    private static synchronized void killAll() {
        ending = true;
        for (Process process : LIVE) {
            killTree(process);
        }
    }

    /** Of a process that is dead the number may be another's by now. */
    private static void killTree(Process process) {
        if (!process.isAlive()) {
            return;
        }
        ProcessHandle[] descendants = process.descendants().toArray(ProcessHandle[]::new);
        process.destroyForcibly();
        for (ProcessHandle descendant : descendants) {
            descendant.destroyForcibly();
        }
    }
}
