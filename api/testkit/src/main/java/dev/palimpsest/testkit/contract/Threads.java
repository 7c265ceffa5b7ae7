package dev.palimpsest.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Runs code on several threads at once, or on one that is not waited for without end. */
final class Threads {
    /** More than any single promise takes to try. */
    private static final int PATIENCE_SECONDS = 60;

    private Threads() {}

    /** The results of a task for 0, 1, ..., n - 1, each on a thread of its own, all at once. */
    static <R> List<R> together(int n, IntFunction<R> task) {
        return together(n, PATIENCE_SECONDS, task);
    }

    static <R> R within(int seconds, Supplier<R> task) {
        return together(1, seconds, only -> task.get()).get(0);
    }

    private static <R> List<R> together(int n, int seconds, IntFunction<R> task) {
        CyclicBarrier atOnce = new CyclicBarrier(n);
        ExecutorService threads = Executors.newFixedThreadPool(n, Threads::daemon);
        try {
            List<Future<R>> running = IntStream.range(0, n)
                    .mapToObj(i -> threads.submit(() -> {
                        atOnce.await();
                        return task.apply(i);
                    }))
                    .toList();
            List<R> results = new ArrayList<>();
            for (Future<R> each : running) {
                results.add(each.get(seconds, TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("threw on one of " + n + " threads: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("did not come back within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "contract");
        thread.setDaemon(true);
        return thread;
    }
}
