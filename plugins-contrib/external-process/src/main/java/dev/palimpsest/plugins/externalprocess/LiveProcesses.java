package dev.palimpsest.plugins.externalprocess;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All processes that run, with what they have started, so that none outlives the JVM. */
final class LiveProcesses {
    private static final Set<ProcessTree> LIVE = new HashSet<>();
    private static boolean hooked;
    private static boolean ending;

    private LiveProcesses() {}

    /** Throws IOException if there is no such program, or the JVM is about to end. */
    static synchronized ProcessTree start(List<String> command) throws IOException {
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(LiveProcesses::killAll, "external-process end"));
            hooked = true;
        }
        if (ending) {
            throw new IOException("Palimpsest is ending");
        }
        ProcessTree tree = ProcessTree.start(command);
        LIVE.add(tree);
        tree.process().onExit().thenRun(() -> kill(tree));
        return tree;
    }

    /** Ends a process, or what one that has ended has left behind, and does not ask. */
    static synchronized void kill(ProcessTree tree) {
        LIVE.remove(tree);
        tree.kill();
    }

    /** Whether the JVM is about to end, and has ended all processes for that reason. */
    static synchronized boolean ending() {
        return ending;
    }

    /** Waits for nothing: an interrupted run halts the JVM as soon as its weights are saved. No class may be loaded here, since the plugin's JAR is closed. */
    private static synchronized void killAll() {
        ending = true;
        ProcessTree.killAll(LIVE);
    }
}
