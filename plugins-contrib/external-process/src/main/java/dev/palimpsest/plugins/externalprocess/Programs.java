package dev.palimpsest.plugins.externalprocess;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The processes of one pool, with as many threads that wait for them. The first failure of one ends all. */
final class Programs {
    private final ExternalProcess settings;
    private final List<Program> all = new ArrayList<>();
    private final Queue<Program> idle = new ConcurrentLinkedQueue<>();
    private final ExecutorService waiting;
    private final ErrorLog log;
    private final Hello hello;
    private Optional<String> failure = Optional.empty();

    /** Starts them and waits until all have said hello. */
    Programs(ExternalProcess settings) {
        this.settings = settings;
        waiting = Executors.newFixedThreadPool(settings.processes(), task -> {
            Thread thread = new Thread(task, "external-process");
            thread.setDaemon(true);
            return thread;
        });
        log = new ErrorLog(settings.log());
        try {
            for (int number = 1; number <= settings.processes(); number++) {
                all.add(Program.start(settings, number, log));
            }
            hello = sameHello();
        } catch (UncheckedIOException failed) {
            end(failed.getMessage());
            throw failed;
        }
        idle.addAll(all);
    }

    private Hello sameHello() {
        Hello first = all.get(0).hello();
        for (Program other : all.subList(1, all.size())) {
            Hello its = other.hello();
            if (!its.equals(first)) {
                throw Program.failure(settings, "its processes said different hellos, " + first + " and " + its);
            }
        }
        return first;
    }

    Hello hello() {
        return hello;
    }

    /** The answers, in the order of the frames. */
    List<Answer> answers(List<Frame> frames) {
        List<Answer> got = new ArrayList<>();
        try {
            for (Future<Answer> answer : submitted(frames)) {
                got.add(answer.get());
            }
            return got;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            end(cause.getMessage());
            if (cause instanceof Error lackOfMemory) {
                throw lackOfMemory;
            }
            throw Program.failure(failure().orElseThrow());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            UncheckedIOException interrupted = Program.interrupted(settings);
            end(interrupted.getMessage());
            throw interrupted;
        }
    }

    private synchronized List<Future<Answer>> submitted(List<Frame> frames) {
        requireAlive();
        return frames.stream().map(frame -> waiting.submit(() -> answer(frame))).toList();
    }

    /** There are as many threads as programs, so that a thread that runs finds an idle one. */
    private Answer answer(Frame frame) {
        requireAlive();
        Program program = idle.remove();
        try {
            Answer answer = program.answer(frame);
            idle.add(program);
            return answer;
        } catch (UncheckedIOException failed) {
            end(failed.getMessage());
            throw failed;
        }
    }

    private void requireAlive() {
        failure().ifPresent(reason -> {
            throw Program.failure(reason);
        });
    }

    /** Why all have ended, if they have. */
    synchronized Optional<String> failure() {
        return failure;
    }

    /** Ends all processes; the first reason is kept. Threads that wait for an answer are told, those that wait for their turn find out. */
    synchronized void end(String reason) {
        if (failure.isEmpty()) {
            failure = Optional.of(String.valueOf(reason));
            all.forEach(Program::end);
            waiting.shutdown();
            closeLog();
        }
    }

    private void closeLog() {
        try {
            for (Program program : all) {
                program.awaitLastLines();
            }
        } catch (InterruptedException hasToHurry) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
        }
    }
}
